import { mkdir } from 'node:fs/promises'
import { efiSystemType } from '../disks/names.ts'
import { healthWords, isNothing, remnantWords } from '../disks/words.ts'
import type { Disk, FileSystem, Health } from '../machine.ts'
import type { Root } from '../root.ts'
import { run } from '../run.ts'
import { canLook, listArguments, type Look, lookArguments, lookTimeoutMs, parseFolders, parseLook } from './look.ts'
import { parseSignatures, signatureArguments, unnamedDevices } from './remnants.ts'
import { parseMmcHealth, parseSmartctl, smartctlArguments } from './smart.ts'
import { dumpe2fsArguments, parseSuperblock } from './superblock.ts'

/** Where file systems are mounted for a look; only ever seen by the look itself, so that one place serves all. */
export const lookPlace = '/run/mediaserver/look'

/**
 * The slow look at disks, after the first screen: health, used space, folders, last mount. Nothing is written, and
 * what cannot be found out stays unknown. Gives the same disks in the same order; `onDisk` gets each one when it is
 * known. A disk that is failing or a part of something is not read beyond its own health.
 */
export function inspectDisks(
  root: Root,
  disks: readonly Disk[],
  onDisk: (disk: Disk) => void = () => {},
  place = lookPlace,
): Promise<Disk[]> {
  return Promise.all(
    disks.map(async disk => {
      const health = await healthOf(root, disk)
      const quiet = health.state === 'failing' || disk.members.length > 0
      const fileSystems: FileSystem[] = []
      // One after the other: a hard disk that reads in two places at once takes many times as long.
      for (const fs of disk.fileSystems) fileSystems.push(quiet ? fs : await inspectFileSystem(root, disk, fs, place))
      const inspected = { ...disk, health, fileSystems, ...(quiet ? {} : await remnantsOf(root, disk)) }
      onDisk(inspected)
      return inspected
    }),
  )
}

async function healthOf(root: Root, disk: Disk): Promise<Health> {
  const unknown = (why: string): Health => ({ state: 'unknown', hours: null, words: healthWords('unknown', null, why) })
  if (disk.kind === 'optical') return unknown('a disc has none')
  if (disk.kind === 'virtual') return unknown('a virtual disk has none')
  if (disk.kind === 'eMMC' || disk.kind === 'SD') {
    const device = `/sys/block/${disk.name}/device`
    return parseMmcHealth(root.text(`${device}/life_time`), root.text(`${device}/pre_eol_info`))
  }
  const ended = await answer(root, `smartctl-${disk.name}.json`, 'smartctl', smartctlArguments(disk.path))
  return parseSmartctl(ended.stdout)
}

// Where nothing was found, so that a disk with films is not taken for an empty one.
async function remnantsOf(root: Root, disk: Disk): Promise<Pick<Disk, 'remnants' | 'contents'>> {
  const remnants: string[] = []
  for (const device of unnamedDevices(disk)) {
    const name = device.replace(/^\/dev\//, '')
    remnants.push(
      ...parseSignatures((await answer(root, `wipefs-${name}.json`, 'wipefs', signatureArguments(device))).stdout),
    )
  }
  if (remnants.length === 0) return { remnants, contents: disk.contents }
  return { remnants, contents: [...disk.contents.filter(line => !isNothing(line)), remnantWords(remnants)] }
}

/** The parts of a file system that only a look at it tells. */
async function inspectFileSystem(root: Root, disk: Disk, fs: FileSystem, place: string): Promise<FileSystem> {
  const partition = disk.partitions.find(item => item.path === fs.path)
  if (disk.bootMedium || partition?.parttype === efiSystemType) return fs
  const name = fs.path.replace(/^\/dev\//, '').replaceAll('/', '-')
  const superblock = /^ext[234]$/.test(fs.type)
    ? parseSuperblock((await answer(root, `dumpe2fs-${name}.txt`, 'dumpe2fs', dumpe2fsArguments(fs.path))).stdout)
    : { usedBytes: null, lastMounted: null }
  // On a mapped device, as of LVM, somebody else decides what may be touched.
  const plain = partition !== undefined || fs.path === disk.path
  const look = await lookInto(root, fs, `look-${name}.txt`, plain ? place : null)
  return {
    ...fs,
    usedBytes: fs.usedBytes ?? look.usedBytes ?? superblock.usedBytes,
    folders: [...look.folders],
    lastMounted: superblock.lastMounted,
  }
}

async function lookInto(root: Root, fs: FileSystem, recorded: string, place: string | null): Promise<Look> {
  const mounted = fs.mountpoints[0]
  if (mounted !== undefined) {
    const ended = await answer(root, recorded, 'find', listArguments(mounted))
    return { usedBytes: null, folders: parseFolders(ended.stdout) }
  }
  if (place === null || !canLook(fs.type)) return { usedBytes: null, folders: [] }
  if (!root.prefix) await mkdir(place, { recursive: true, mode: 0o700 }).catch(() => {})
  const ended = await answer(root, recorded, 'unshare', lookArguments(fs.type, fs.path, place), lookTimeoutMs)
  return parseLook(ended.stdout)
}

/** A program's answer. In a recorded tree it is a file, and no program runs: its disks are not those of this machine. */
async function answer(root: Root, recorded: string, program: string, args: readonly string[], timeoutMs?: number) {
  if (root.prefix) return { stdout: root.text(`/recorded/${recorded}`) ?? '' }
  return run(program, args, timeoutMs)
}
