import type { MediaUse } from '../answers/answers.ts'
import type { Disk, FileSystem, Partition } from '../machine.ts'
import { diskSize } from '../screens/words.ts'
import { earlierPartitions, roomBehindImage } from './behind-image.ts'
import {
  commonWarnings,
  eraseWarnings,
  firstRefusal,
  inUseReason,
  namelessReason,
  type Refusal,
  refuse,
  replaceWarnings,
  type Surroundings,
  unwritableReason,
} from './cautions.ts'
import { looksLikeSystem } from './folders.ts'
import { LABELS } from './labels.ts'
import { fileSystemName } from './names.ts'
import { inPlaceMinimum, systemSizes } from './sizes.ts'
import { fileSystemTitle, isEncrypted } from './words.ts'

/**
 * Whether a disk can hold the system. `inPlace`: the system runs from it already, and nothing is erased but what an
 * earlier set-up has added there, see `earlierPartitions`.
 */
export type SystemChoice =
  | { readonly ok: true; readonly inPlace: boolean; readonly warnings: readonly string[] }
  | Refusal

/** Whether a use of a film disk is possible. */
export type MediaChoice = { readonly ok: true; readonly warnings: readonly string[] } | Refusal

/** Whether a disk's files can be kept, and the file system that is used then. */
export type KeepChoice =
  | { readonly ok: true; readonly warnings: readonly string[]; readonly fileSystem: FileSystem }
  | Refusal

/** What can be done with a film disk. */
export interface MediaChoices {
  readonly keep: KeepChoice
  readonly erase: MediaChoice
  readonly ignore: MediaChoice
}

/** Whether the system can live on a disk. Every refusal and warning is a sentence without its end, for a list. */
export function systemChoice(disk: Disk, machine: Surroundings): SystemChoice {
  if (machine.role === 'installed') return installedChoice(disk)
  const refused = firstRefusal(
    disk.kind === 'SD' ? 'an SD card wears out too soon for a system that is always on' : null,
    unwritableReason(disk),
    disk.bootMedium ? bootMediumReason(disk, machine) : null,
    disk.sizeBytes < systemSizes.minimum ? 'too small: 32 GB are needed, 240 GB or more are better' : null,
    disk.bootMedium ? null : inUseReason(disk),
    disk.sectorBytes > 512 && machine.firmware === 'BIOS'
      ? `BIOS cannot start from sectors of ${disk.sectorBytes} bytes: switch the firmware to UEFI`
      : null,
    namelessReason(disk, machine),
  )
  if (refused !== null) return refused
  const warnings = [...commonWarnings(disk, machine), ...systemWarnings(disk)]
  return disk.bootMedium
    ? { ok: true, inPlace: true, warnings: [...replaceWarnings(earlierPartitions(disk)), ...warnings] }
    : { ok: true, inPlace: false, warnings: [...eraseWarnings(disk), ...warnings] }
}

function installedChoice(disk: Disk): SystemChoice {
  if (disk.bootMedium) return { ok: true, inPlace: true, warnings: [] }
  return refuse('this machine runs a system that is set up already: start from the stick to set up another one')
}

/** Why the system cannot be set up on the very disk that it was started from. */
function bootMediumReason(disk: Disk, { disks }: Surroundings): string | null {
  const twin = disks.find(other => other.bootMedium && other.path !== disk.path)
  if (twin !== undefined) {
    return `${twin.name} holds a copy of the same image, and nobody can tell which of the two runs: take one out, restart`
  }
  const only = disks.every(other => other.path === disk.path || other.kind === 'optical')
  if (disk.kind === 'USB' && !only) return 'you started from this stick'
  const used = mountpointsOf(disk, earlierPartitions(disk))
  if (used.length > 0)
    return `the media server that was set up on it is in use as ${used.join(', ')}: start this machine again`
  const free = roomBehindImage(disk)
  if (free >= inPlaceMinimum) return null
  const room = `${diskSize(free)} are free, ${diskSize(inPlaceMinimum)} are needed`
  if (disk.installation !== null)
    return `a media server is on it that cannot be replaced from here: write the image to this disk anew, which erases all of it (${room})`
  if (disk.kind === 'USB')
    return `you started from this stick, and it has no room for the system: connect an SSD (${room})`
  return `you started from it, and it is too small to set the system up beside the image: ${room}`
}

const mountpointsOf = ({ fileSystems }: Disk, partitions: readonly Partition[]): string[] =>
  fileSystems.filter(fs => partitions.some(({ path }) => path === fs.path)).flatMap(fs => fs.mountpoints)

function systemWarnings(disk: Disk): string[] {
  return [
    ...(disk.kind === 'HDD' ? ['a rotating disk: everything will be slow, an SSD is better'] : []),
    ...(disk.sizeBytes < systemSizes.secondRoot
      ? ['under 64 GB: no room for a second copy of the system, so upgrades cannot be rolled back']
      : []),
    ...(disk.sizeBytes < systemSizes.recommended ? ['small: with 240 GB or more there is room for downloads'] : []),
  ]
}

/** What can be done with a disk for films, once `systemDisk` was chosen. */
export function mediaChoices(disk: Disk, machine: Surroundings, systemDisk: Disk | null): MediaChoices {
  const ignore: MediaChoice = { ok: true, warnings: [] }
  const refused = firstRefusal(
    disk.path === systemDisk?.path ? 'the system lives on it' : null,
    disk.bootMedium ? 'you started from it' : null,
    unwritableReason(disk),
    namelessReason(disk, machine),
  )
  if (refused !== null) return { keep: refused, erase: refused, ignore }
  return { keep: keepChoice(disk, machine), erase: eraseChoice(disk, machine), ignore }
}

/** What is chosen for a film disk before anybody decides: files that can be kept are kept, nothing is ever erased. */
export function defaultMediaUse(disk: Disk, machine: Surroundings, systemDisk: Disk | null): MediaUse {
  return mediaChoices(disk, machine, systemDisk).keep.ok ? 'keep' : 'ignore'
}

function eraseChoice(disk: Disk, machine: Surroundings): MediaChoice {
  const refused = firstRefusal(inUseReason(disk))
  return refused ?? { ok: true, warnings: [...eraseWarnings(disk), ...commonWarnings(disk, machine)] }
}

/** File systems that films can be kept on, with what a person should know of each. */
const usable: Readonly<Record<string, readonly string[]>> = {
  ext2: [],
  ext3: [],
  ext4: [],
  xfs: [],
  btrfs: [],
  ntfs: ['NTFS from Windows: slower than ext4, without hard links and permissions; shut Windows down in full before'],
  exfat: ['exFAT: without hard links and permissions, and easily damaged when the power fails'],
}

function keepChoice(disk: Disk, machine: Surroundings): KeepChoice {
  const locked = disk.members.find(isEncrypted)
  if (locked !== undefined) return refuse(`it is ${locked}: what is inside cannot be used from here`)
  if (disk.members.length > 0) {
    return refuse(`it is a part of something larger (${disk.members.join(', ')}), which cannot be used from here`)
  }
  const candidates = candidatesOf(disk)
  const [fileSystem] = candidates
  if (fileSystem === undefined) return refuse(nothingToKeep(disk))
  const twin = machine.disks.find(other => other.path !== disk.path && holds(other, fileSystem.uuid))
  if (twin !== undefined) return refuse(twinReason(fileSystem, twin))
  if (fileSystem.uuid === '') return refuse(`its ${fileSystemTitle(fileSystem)} has no identifier to mount it by`)
  const warnings = [
    ...(candidates.length > 1 ? [severalWords(fileSystem, candidates.length)] : []),
    ...(looksLikeSystem(fileSystem.folders) ? ['it looks like the system of a computer, not like a film disk'] : []),
    ...(usable[fileSystem.type] ?? []),
    ...(fileSystem.mountpoints.length > 0 ? [`in use as ${fileSystem.mountpoints.join(', ')} right now`] : []),
    ...commonWarnings(disk, machine),
  ]
  return { ok: true, fileSystem, warnings }
}

const SYSTEM: readonly string[] = Object.values(LABELS)

/** What films could be kept on, the largest first; the parts of a media server's system are none. */
function candidatesOf(disk: Disk): FileSystem[] {
  const own = disk.partitions.filter(({ partlabel }) => SYSTEM.includes(partlabel)).map(({ path }) => path)
  return disk.fileSystems
    .filter(fs => usable[fs.type] !== undefined && !own.includes(fs.path))
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
}

function nothingToKeep(disk: Disk): string {
  if (disk.installation !== null) return 'it holds the system of a media server, and no films beside it'
  if (disk.remnants.length > 0)
    return `nobody can tell what is on it (${disk.remnants.join(', ')}): let the computer that it comes from remove what is not true any more`
  const types = [...new Set(disk.fileSystems.map(fs => fileSystemName(fs.type)))]
  if (types.length === 0) return 'there is nothing on it that could be kept'
  return `films cannot be used from what is on it (${types.join(', ')})`
}

const holds = (disk: Disk, uuid: string): boolean => uuid !== '' && disk.fileSystems.some(fs => fs.uuid === uuid)

function twinReason(fs: FileSystem, twin: Disk): string {
  return fs.type === 'btrfs'
    ? `its btrfs lies on ${twin.name} as well: several disks as one cannot be used from here`
    : `${twin.name} has a file system with the same identifier, so the two could be mistaken: take one of them out`
}

const severalWords = (fs: FileSystem, count: number): string =>
  `${count} file systems on it: the largest will be used, ${fileSystemTitle(fs)} on ${fs.path}; the others stay as they are`
