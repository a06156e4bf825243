import { diskSize } from '../screens/words.ts'
import type { DiskFate, Plan } from './plan.ts'

const marks: Readonly<Record<DiskFate['fate'], string>> = { erase: '[ERASE]', keep: '[KEEP] ', leave: '[LEAVE]' }

/** A disk's fate on one line: the mark, the model, its size and its serial. */
export const fateLine = ({ fate, model, sizeBytes, serial, disk }: DiskFate): string =>
  `${marks[fate]} ${model || 'disk without a name'}  ${diskSize(sizeBytes)}  serial ${serial || `none, at ${disk}`}`

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
