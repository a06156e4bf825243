import { diskLine, serialWords, stateWords } from '../disk-words.ts'
import { gap, note, option, question } from '../items.ts'
import type { Item, Page } from '../page.ts'
import type { SystemRow } from '../rules.ts'
import { type Asked, wholeMachine } from './asked.ts'

/** The disk that the system will live on. Never chosen beforehand, never skipped. */
export function systemPage(asked: Asked): Page {
  const machine = wholeMachine(asked.known)
  const rows = machine === null ? [] : bestFirst(asked.rules.systemDisks(machine))
  const chosen = rows.find(row => row.id === asked.form.texts['systemDisk'] && row.refused === null)
  return {
    items: [
      question('Which disk shall the system live on?'),
      note('Everything on it will be erased. An SSD is best: it also holds downloads.'),
      gap,
      ...(machine === null ? [note('looking for disks …')] : []),
      ...rows.flatMap(row => diskItems(row, asked)),
      ...(machine !== null && !rows.some(row => row.refused === null)
        ? [note('No disk here can hold the system. Connect one: it appears in this list by itself.')]
        : []),
    ],
    help: [
      'The system, the services and unfinished downloads live on this disk. Films can live on another one, which is the next question.',
      'Nothing is chosen for you here, even if there is one disk only. Nothing is written before you have seen the summary and typed the end of the serial number of each disk that will be erased.',
      'A disk that cannot be used is shown too, with the reason. The stick you started from can never be chosen.',
      'The serial number is printed on the label of the disk. Compare it if you are not sure which disk is which.',
    ],
    problem: chosen === undefined ? 'Choose a disk with Space first, then press Enter.' : null,
  }
}

// Those that cannot be chosen come last; of the others, those with the fewest cautions first.
function bestFirst(rows: readonly SystemRow[]): SystemRow[] {
  const rank = ({ refused, warnings }: SystemRow) => (refused === null ? warnings.length : 1000)
  return [...rows].sort((left, right) => rank(left) - rank(right))
}

function diskItems(row: SystemRow, { form }: Asked): Item[] {
  const { id, disk, refused, inPlace, replaces, warnings } = row
  const grows = replaces
    ? 'you started from this disk: the image on it stays, all behind it is erased'
    : 'you started from this disk: it is kept and grows'
  const contents = inPlace ? [grows] : stateWords(disk)
  return [
    option(form, 'systemDisk', id, diskLine(disk), {
      destroys: !inPlace || replaces,
      refused,
      details:
        refused === null
          ? [serialWords(disk), ...contents, ...warnings.map(words => `! ${words}`)]
          : [serialWords(disk)],
    }),
  ]
}
