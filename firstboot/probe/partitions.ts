import type { Disk, Partition } from '../machine.ts'
import { type BlockDevice, withChildren } from './lsblk.ts'

const MIB = 2 ** 20

/** The partitions of a disk in the order of their numbers. */
export function partitionsOf(disk: BlockDevice): Partition[] {
  return (disk.children ?? [])
    .filter(child => child.type === 'part')
    .map(child => ({
      number: Number(/\d+$/.exec(child.name)?.[0] ?? 0),
      path: child.path ?? `/dev/${child.name}`,
      sizeBytes: Number(child.size ?? 0),
      startBytes: Number(child.start ?? 0) * 512,
      partuuid: (child.partuuid ?? '').toLowerCase(),
      parttype: (child.parttype ?? '').toLowerCase(),
      partlabel: child.partlabel ?? '',
    }))
    .sort((a, b) => a.number - b.number)
}

/**
 * Bytes after the last partition in whole MiB, without the place that a GPT keeps for its copy at the end. 0 where it
 * is not known what the room is for: something lies on the disk as a whole, or a partition of which the start is missing.
 */
export function freeBytesOf(disk: BlockDevice): number {
  const parts = (disk.children ?? []).filter(child => child.type === 'part')
  if (parts.some(part => part.start === undefined || part.start === null)) return 0
  if (disk.fstype || (!disk.pttype && parts.length > 0)) return 0
  const ends = parts.map(part => Number(part.start) * 512 + Number(part.size ?? 0))
  const from = Math.ceil(Math.max(MIB, ...ends) / MIB)
  return Math.max(0, Math.floor(Number(disk.size ?? 0) / MIB) - 1 - from) * MIB
}

/** The system of this media server on a disk, known by the name of its state partition; null when there is none. */
export function installationOf(disk: BlockDevice): Disk['installation'] {
  const state = withChildren(disk).find(device => device.type === 'part' && device.partlabel === 'ms-state')
  if (state === undefined) return null
  return { partlabel: 'ms-state', path: state.path ?? `/dev/${state.name}`, uuid: state.uuid ?? '' }
}
