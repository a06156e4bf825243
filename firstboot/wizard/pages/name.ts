import { valueOf } from '../form.ts'
import { gap, note, question, text } from '../items.ts'
import type { Page } from '../page.ts'
import type { Asked } from './asked.ts'

/** The machine's name and the user's. */
export function namePage({ form, rules }: Asked): Page {
  const host = valueOf(form, 'hostname')
  const good = host !== '' && rules.validate('hostname', host) === null
  return {
    items: [
      question('What shall this machine be called?'),
      note('Other devices in your home find it by this name.'),
      gap,
      text(form, 'hostname', 'Machine', typed => rules.validate('hostname', typed), {
        accepts: /^[a-z0-9-]$/,
        limit: 63,
        hint: 'small letters, digits and hyphens',
      }),
      text(form, 'user', 'Your user', typed => rules.validate('user', typed), {
        accepts: /^[a-z0-9_-]$/,
        limit: 32,
        hint: 'for logging in, as in anna',
      }),
      gap,
      ...(good ? [note(`In your network it will be ${host}.local.`)] : []),
    ],
    help: [
      'The name must be different from every other device in your home. Some Android and Windows devices do not find .local names; the address works everywhere, and you will be shown both.',
      'The user is the only one who can log in from another computer, with an SSH key, and the one who may change the system (sudo). Films and downloads belong to this user.',
    ],
    problem: null,
  }
}
