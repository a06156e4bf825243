import { LABELS } from '../disks/labels.ts'
import {
  type DiskLayout,
  GIBIBYTE,
  layOut,
  MEBIBYTE,
  type Partition,
  PARTITION_TYPES,
} from '../disks/partition-table.ts'
import { systemSizes } from '../disks/sizes.ts'
import { guidFrom } from './hash.ts'

const ESP = GIBIBYTE
const ROOT = 16 * GIBIBYTE

/** Partition GUIDs and file system identities of one installation; all fresh, all from one random seed. */
export interface SystemIds {
  readonly disk: string
  readonly bios: string
  readonly esp: string
  readonly rootA: string
  readonly rootB: string
  readonly state: string
  /** Eight hexadecimal digits. */
  readonly espVolume: string
  readonly rootFileSystem: string
  readonly stateFileSystem: string
}

/** All identities of an installation. Two installations never share one: equal ones on stick and disk boot the wrong disk. */
export function systemIds(seed: string): SystemIds {
  const id = (part: string) => guidFrom(`${seed} ${part}`)
  return {
    disk: id('disk'),
    bios: id('bios'),
    esp: id('esp'),
    rootA: id('root-a'),
    rootB: id('root-b'),
    state: id('state'),
    espVolume: id('esp volume').slice(0, 8),
    rootFileSystem: id('root file system'),
    stateFileSystem: id('state file system'),
  }
}

// What a system needs besides the parts that start it, from `from` to the end of the disk.
function roots(ids: SystemIds, from: number, diskBytes: number): Partition[] {
  const two = diskBytes - from >= systemSizes.secondRoot - 2 * GIBIBYTE
  const linux = PARTITION_TYPES.linux
  const fixed: Partition[] = [
    { name: LABELS.rootA, type: linux, guid: ids.rootA, bytes: ROOT },
    ...(two ? [{ name: LABELS.rootB, type: linux, guid: ids.rootB, bytes: ROOT }] : []),
  ]
  const used = fixed.reduce((sum, part) => sum + part.bytes, 0)
  // One MiB at the end holds the second copy of the table.
  const rest = Math.floor((diskBytes - from - used - MEBIBYTE) / MEBIBYTE) * MEBIBYTE
  return [...fixed, { name: LABELS.state, type: linux, guid: ids.state, bytes: rest }]
}

/** The table of a disk that the system gets for itself. */
export function wholeDiskLayout(ids: SystemIds, diskBytes: number): DiskLayout {
  const start: Partition[] = [
    { name: LABELS.bios, type: PARTITION_TYPES.biosBoot, guid: ids.bios, bytes: MEBIBYTE },
    { name: LABELS.esp, type: PARTITION_TYPES.esp, guid: ids.esp, bytes: ESP },
  ]
  return layOut(ids.disk, [...start, ...roots(ids, 2 * MEBIBYTE + ESP, diskBytes)])
}

/** What is added behind the partitions of an image that was written straight onto the disk; it starts from its own ESP. */
export function inPlaceLayout(ids: SystemIds, from: number, diskBytes: number): DiskLayout {
  const start = Math.ceil(from / MEBIBYTE) * MEBIBYTE
  return layOut(ids.disk, roots(ids, start, diskBytes), start)
}
