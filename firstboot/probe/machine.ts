import type { KnownSoFar, Machine } from '../machine.ts'
import type { Root } from '../root.ts'
import { run } from '../run.ts'
import { readPlaces } from './by-path.ts'
import { roleOf, rootPartuuid } from './cmdline.ts'
import { parseCpuinfo, parseMeminfo } from './cpu.ts'
import { disksFrom, type MmcTypes } from './disks.ts'
import { readFirmware } from './firmware.ts'
import { explainGraphics, intelReason, readDisplayDevices } from './graphics.ts'
import { lsblkArguments, parseLsblk } from './lsblk.ts'
import { parseIpAddr } from './network.ts'

type Problem = Machine['problems'][number]
type Quick = Omit<Machine, 'network' | 'disks' | 'problems'>

/** What files of the kernel say; takes a few milliseconds and starts no program. */
export function probeQuick(root: Root): Quick {
  const cmdline = root.text('/proc/cmdline') ?? ''
  const graphics = readDisplayDevices(root).map(device => explainGraphics(device, cmdline))
  return {
    // The word that GRUB's entries of the image give; see systemd-volatile-root.service(8).
    role: roleOf(cmdline),
    ...readFirmware(root),
    cpu: parseCpuinfo(root.text('/proc/cpuinfo') ?? ''),
    memoryBytes: parseMeminfo(root.text('/proc/meminfo') ?? ''),
    graphics,
    intelGraphicsReason: intelReason(graphics),
  }
}

/** Looks at the whole machine without writing anything. `onPart` gets each group of facts as soon as it is known. */
export async function probeMachine(root: Root, onPart: (part: KnownSoFar) => void = () => {}): Promise<Machine> {
  const quick = probeQuick(root)
  onPart(quick)
  const problems: Machine['problems'] = []
  const tell = <T extends KnownSoFar>(part: T): T => (onPart(part), part)
  const [network, disks] = await Promise.all([
    attempt('network', () => probeNetwork(root), problems).then(found =>
      tell({ network: found ?? [], problems: [...problems] }),
    ),
    attempt('disks', () => probeDisks(root), problems).then(found =>
      tell({ disks: found ?? [], problems: [...problems] }),
    ),
  ])
  return { ...quick, ...network, ...disks, problems }
}

/** The network interfaces and their addresses right now. */
export async function probeNetwork(root: Root): Promise<Machine['network']> {
  return parseIpAddr(await output(root, 'ip', ['-j', 'addr']))
}

/** The disks right now, without what takes long to find out. */
export async function probeDisks(root: Root): Promise<Machine['disks']> {
  const devices = parseLsblk(await output(root, 'lsblk', lsblkArguments))
  const mmcTypes: MmcTypes = Object.fromEntries(
    devices
      .filter(device => device.name.startsWith('mmcblk'))
      .map(device => [device.name, (root.text(`/sys/block/${device.name}/device/type`) ?? '').trim()]),
  )
  const boot = { rootPartuuid: rootPartuuid(root.text('/proc/cmdline') ?? '') }
  return disksFrom(devices, boot, { mmcTypes, places: readPlaces(root) })
}

/** A program's output; a recorded tree holds it as `/recorded/PROGRAM.json`. */
async function output(root: Root, program: string, args: readonly string[]): Promise<string> {
  if (root.prefix) {
    const recorded = root.text(`/recorded/${program}.json`)
    if (recorded !== null) return recorded
  }
  const ended = await run(program, args)
  if (ended.code !== 0) throw new Error(ended.stderr.trim().split('\n').at(-1) || `${program} did not answer`)
  return ended.stdout
}

async function attempt<T>(about: Problem['about'], probe: () => Promise<T>, problems: Problem[]): Promise<T | null> {
  try {
    return await probe()
  } catch (error) {
    const why = error instanceof SyntaxError || !(error instanceof Error) ? 'the answer made no sense' : error.message
    problems.push({ about, words: `the ${about} could not be read: ${why.split('\n')[0]}` })
    return null
  }
}
