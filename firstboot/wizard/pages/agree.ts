import type { DiskFate, Plan } from '../../plan/plan.ts'
import { placeOf } from '../../plan/words.ts'
import { diskSize } from '../../screens/words.ts'
import { codeFault, codeOf, erased } from '../consent.ts'
import { button, gap, note, visible } from '../items.ts'
import type { Item, Page, TextItem } from '../page.ts'
import type { Consent } from '../state.ts'

/** The fields of the page: one for each disk that will be erased. */
export const consentField = (disk: string): string => `consent:${disk}`

/** The one dangerous moment: what happens to each disk, and the consent to it. */
export function agreePage(plan: Plan, consent: Consent): Page {
  const doomed = erased(plan)
  return {
    items: [
      ...(['erase', 'keep', 'leave'] as const).flatMap(fate =>
        plan.disks.filter(disk => disk.fate === fate).flatMap(fateItems),
      ),
      gap,
      ...(doomed.length === 0
        ? [
            note('No disk will be erased.'),
            gap,
            button('not-yet', 'Not yet, back to the summary'),
            button('start', 'Start now'),
          ]
        : [
            ...doomed.flatMap(fate => askItems(fate, consent)),
            ...(doomed.some(fate => fate.serial !== '')
              ? [gap, note('The serial number is printed on the label of the disk, and shown above.')]
              : []),
          ]),
    ],
    help: [
      'This is the last moment before anything is written. Compare each serial number with the label on the disk.',
      'Your consent is for exactly what you saw. If a disk is added or taken out meanwhile, you are asked again.',
      'Esc goes back to the summary; nothing is lost and nothing has been written.',
    ],
    problem: null,
  }
}

/** How the fate of a disk is marked, always in words. */
export const fateMark = { erase: '[ERASE]', keep: '[KEEP] ', leave: '[LEAVE]' } as const

// In a few lines that begin with the mark.
function fateLines(fate: DiskFate): string[] {
  const { model, disk, serial, sizeBytes, contents } = fate
  const holds = contents.length === 0 || contents.join() === 'empty' ? 'nothing was found on it' : contents.join(', ')
  const words = {
    erase: `everything on it will be gone: ${holds}`,
    keep: `stays as it is: ${holds}`,
    leave: `not touched: ${holds}`,
  } as const
  const name = `${model || 'unnamed disk'}   ${diskSize(sizeBytes)}`
  const place = placeOf(fate)
  return [
    `${fateMark[fate.fate]}  ${name}   ${serial === '' ? disk : `serial ${serial}`}`,
    ...(place === '' ? [] : [`at ${place}: another disk has the same serial number`]),
    words[fate.fate],
  ]
}

function fateItems(fate: DiskFate): Item[] {
  const [first = '', ...rest] = fateLines(fate)
  return [
    { type: 'note', words: first, strong: fate.fate === 'erase', indent: 1 },
    ...rest.map(words => note(words, 10)),
  ]
}

function askItems(fate: DiskFate, consent: Consent): Item[] {
  const typed = consent.typed[fate.disk] ?? ''
  const code = codeOf(fate)
  const what = fate.serial === '' ? 'the identity above' : 'its serial number'
  const field: TextItem = {
    type: 'text',
    field: consentField(fate.disk),
    label: 'Type it here',
    value: typed,
    secret: false,
    accepts: visible,
    limit: code.length,
    optional: false,
    missing: 'Type the last four characters first. Enter alone erases nothing.',
    problem: typed === '' ? null : codeFault(fate, typed),
  }
  return [note(`To erase ${fate.model || 'this disk'}, type the last four characters of ${what}.`), field]
}
