import { diskSize } from '../screens/words.ts'
import type { DiskFate, Plan } from './plan.ts'

const marks: Readonly<Record<DiskFate['fate'], string>> = { erase: '[ERASE]', keep: '[KEEP] ', leave: '[LEAVE]' }

/** Where a disk is plugged in, if others have the same serial number; empty where that tells it from all others. */
export const placeOf = ({ disk, serial }: DiskFate): string =>
  serial === '' || disk === serial ? '' : disk.slice(serial.length + 1)

/** A disk's fate on one line: the mark, the model, its size and its serial. */
export const fateLine = (fate: DiskFate): string => {
  const { model, sizeBytes, serial, disk } = fate
  const place = placeOf(fate)
  const known = serial === '' ? `none, at ${disk}` : `${serial}${place === '' ? '' : ` at ${place}`}`
  return `${marks[fate.fate]} ${model || 'disk without a name'}  ${diskSize(sizeBytes)}  serial ${known}`
}

/** The whole plan in lines that a person can check: every disk, then every change in order. Holds no secret. */
export function planLines(plan: Plan): string[] {
  return [
    ...plan.disks.map(fateLine),
    ...plan.changes.map(
      ({ title, destroys }, index) =>
        `${String(index + 1).padStart(3)}  ${title}${destroys.length === 0 ? '' : `   destroys ${destroys.join(', ')}`}`,
    ),
  ]
}
