import { twoLayouts } from '../../xkb.ts'
import { valueOf } from '../form.ts'
import { gap, note, picker, printable, question, text } from '../items.ts'
import type { Page } from '../page.ts'
import type { Asked } from './asked.ts'

/** Language of the system, keyboard and time zone. */
export function languagePage({ form, lists }: Asked): Page {
  return {
    items: [
      question('Language, keyboard and time zone'),
      note('Type a few letters to find yours in a list, then press Enter.'),
      gap,
      picker(form, 'language', 'Language', lists.languages),
      picker(form, 'keyboard', 'Keyboard', lists.keyboards),
      ...(twoLayouts(valueOf(form, 'keyboard'))
        ? [note('It begins with the letters of English (US). Alt+Shift switches to its own, and back.', 3)]
        : []),
      picker(form, 'timezone', 'Time zone', lists.timezones),
      text(form, 'keyboard.trial', 'Try the keys', () => null, {
        accepts: printable,
        optional: true,
        limit: 40,
        aside: true,
      }),
    ],
    help: [
      'The language is the one of the installed system: dates, sizes and messages of its programs. These screens stay in English.',
      'The keyboard is switched as soon as you choose it, so that what you type later is what you mean. "Try the keys" is only for trying. Over a serial line or from another computer, that computer decides about the keys.',
      'The time zone decides when nightly work runs, and which time you see. It is not looked up by your address, because that would tell a stranger where you are.',
    ],
    problem: null,
  }
}
