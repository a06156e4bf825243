import type { Disk, Partition } from '../machine.ts'
import { LABELS } from './labels.ts'
import { MEBIBYTE } from './partition-table.ts'

/** What a set-up in place adds behind the image that it runs from. */
const ADDED: readonly string[] = [LABELS.rootA, LABELS.rootB, LABELS.state]

const endOf = ({ startBytes, sizeBytes }: Partition): number => startBytes + sizeBytes

/**
 * The partitions that an earlier set-up has added behind the image on this disk, which the live system runs from: a new
 * set-up puts its own in their place. None where something else lies behind them, or their places are not known. Pure.
 */
export function earlierPartitions({ bootMedium, partitions }: Disk): Partition[] {
  if (!bootMedium || partitions.some(({ startBytes }) => startBytes === 0)) return []
  const inOrder = partitions.toSorted((one, other) => one.startBytes - other.startBytes)
  const last = inOrder.findLastIndex(({ partlabel }) => !ADDED.includes(partlabel))
  const earlier = inOrder.slice(last + 1)
  return earlier.every(({ partuuid }) => partuuid !== '') ? earlier : []
}

/** Where all else on a disk ends, in bytes: in place, what a set-up leaves alone. Pure. */
export const endBefore = ({ partitions }: Disk, earlier: readonly Partition[]): number =>
  Math.max(MEBIBYTE, ...partitions.filter(part => !earlier.includes(part)).map(endOf))

/** Bytes that a set-up in place has for itself: what is free, and what an earlier one has taken. Pure. */
export function roomBehindImage(disk: Disk): number {
  const earlier = earlierPartitions(disk)
  if (earlier.length === 0) return disk.freeBytes
  // As it is counted where nobody has taken anything yet: whole MiB, the last of them is for the copy of the table.
  const from = Math.ceil(endBefore(disk, earlier) / MEBIBYTE)
  return Math.max(0, Math.floor(disk.sizeBytes / MEBIBYTE) - 1 - from) * MEBIBYTE
}
