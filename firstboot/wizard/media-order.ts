import type { MediaAnswer } from '../answers/answers.ts'
import { field, type Form, mediaOf, sourceOf } from './form.ts'
import type { MediaRow } from './rules.ts'

/**
 * Film disks in the order in which they are asked about, and used: the order of a file stands; of the others, those that
 * can be kept come first, and those that cannot be used last.
 */
export function inOrderOfUse(rows: readonly MediaRow[], form: Form): MediaRow[] {
  const named = mediaOf(form).flatMap(([disk, use]) =>
    use !== 'ignore' && sourceOf(form, field.media(disk)) === 'file' ? [disk] : [],
  )
  const rank = ({ id, keep, erase }: MediaRow) => {
    if (named.includes(id)) return named.indexOf(id)
    return named.length + (keep === null ? 0 : erase === null ? 1 : 2)
  }
  return [...rows].sort((left, right) => rank(left) - rank(right))
}

/** Answers for film disks in the order of the rows. */
export function likeRows(media: readonly MediaAnswer[], rows: readonly MediaRow[]): MediaAnswer[] {
  const rank = ({ disk }: MediaAnswer) => rows.findIndex(row => row.id === disk) + 1 || rows.length + 1
  return [...media].sort((left, right) => rank(left) - rank(right))
}
