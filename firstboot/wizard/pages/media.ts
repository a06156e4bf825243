import { absentMedia } from '../absent-media.ts'
import { absentWords, diskLine, serialWords, stateWords } from '../disk-words.ts'
import { field } from '../form.ts'
import { gap, note, option, question } from '../items.ts'
import { inOrderOfUse } from '../media-order.ts'
import type { Item, Page } from '../page.ts'
import type { MediaRow } from '../rules.ts'
import { type Asked, wholeMachine } from './asked.ts'

/** What happens to each other disk. */
export function mediaPage(asked: Asked): Page {
  const machine = wholeMachine(asked.known)
  const { form, rules } = asked
  const rows = machine === null ? [] : inOrderOfUse(rules.mediaDisks(machine, form.texts['systemDisk'] ?? ''), form)
  const absent = machine === null ? [] : absentMedia(form, machine)
  const open = rows.filter(row => row.keep === null || row.erase === null)
  return {
    items: [
      question('Where do your films live?'),
      ...(open.length === 0
        ? [note('There is no other disk for films. They will lie on the system disk, which is fine to begin with.')]
        : [note('Say for each disk what shall happen to it. New films go to the first that is used.')]),
      ...rows.flatMap(row => rowItems(row, asked)),
      ...absent.flatMap(([disk, use]) => absentItems(disk, use, asked)),
      ...(rows.some(row => row.keep === null)
        ? [gap, note('Keeping means: nothing on it is changed or moved. It is compared before and after.')]
        : []),
    ],
    help: [
      'Keep: the disk is used as it is, with all its files. New films are put beside them, below the folder media.',
      'Erase: the disk becomes one empty file system. You will be asked for the end of its serial number before that.',
      'Leave alone: the disk is not used and not touched.',
      'Keeping never turns into erasing. If a disk cannot be kept, you are told why, and nothing happens to it.',
    ],
    problem: null,
  }
}

const labels = { keep: 'Keep everything and use it as it is', erase: 'Erase it, then use it' } as const

function rowItems(row: MediaRow, { form }: Asked): Item[] {
  const { id, disk, keep, erase, keepNotes, eraseNotes } = row
  const name = field.media(id)
  const refused = keep !== null && erase !== null
  const warn = (notes: readonly string[]) => notes.map(words => `! ${words}`)
  return [
    gap,
    { type: 'note', words: `${diskLine(disk)}   ${serialWords(disk)}`, strong: true, indent: 3 },
    ...(refused ? [note(`not for films: ${erase}`, 3)] : stateWords(disk).map(words => note(words, 3))),
    ...(refused
      ? []
      : [
          option(form, name, 'keep', labels.keep, {
            refused: keep,
            details: warn(keepNotes),
          }),
          option(form, name, 'ignore', 'Leave this disk alone'),
          option(form, name, 'erase', labels.erase, {
            destroys: true,
            refused: erase,
            details: warn(eraseNotes),
          }),
        ]),
  ]
}

// What was said of it stays until it is taken back: it may only be switched off.
function absentItems(disk: string, use: string, { form }: Asked): Item[] {
  const name = field.media(disk)
  return [
    gap,
    { type: 'note', words: absentWords(disk), strong: true, indent: 3 },
    note('Connect it, or leave it out.', 3),
    ...(use === 'keep' || use === 'erase' ? [option(form, name, use, labels[use], { destroys: use === 'erase' })] : []),
    option(form, name, 'ignore', 'Leave it out'),
  ]
}
