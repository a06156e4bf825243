import { field, valueOf } from '../form.ts'
import { gap, note, option, picker, printable, question, text } from '../items.ts'
import type { Item, Page } from '../page.ts'
import type { Asked } from './asked.ts'

/** An own domain, for reaching the machine from outside; optional. */
export function domainPage(asked: Asked): Page {
  const { form } = asked
  return {
    items: [
      question('Do you have a domain of your own?'),
      note('With one, friends can ask for films from anywhere. Plex does not need one.'),
      gap,
      option(form, 'domain', 'no', 'No, only at home (usual)'),
      option(form, 'domain', 'yes', 'Yes'),
      ...(valueOf(form, 'domain') === 'yes' ? domainItems(asked) : []),
    ],
    help: [
      'The machine tells your DNS provider its address whenever it changes, and gets a certificate, so that the connection is encrypted.',
      'Your router must pass ports 80 and 443 on to this machine. You will be shown how at the end.',
      'The e-mail address is for the certificate authority. It writes only when something is wrong.',
    ],
    problem:
      valueOf(form, 'domain') === 'yes'
        ? asked.rules.validateProvider(valueOf(form, 'domain.provider'), valueOf(form, 'domain.name').trim())
        : null,
  }
}

function domainItems({ form, rules }: Asked): Item[] {
  const provider = rules.providers.find(each => each.id === valueOf(form, 'domain.provider'))
  return [
    text(form, 'domain.name', 'Domain', typed => rules.validate('domainName', typed), {
      accepts: /^[\p{Letter}\p{Mark}0-9.-]$/u,
      limit: 253,
      hint: 'as in example.com',
      check: 'domain',
    }),
    { type: 'check', id: 'domain' },
    text(form, 'domain.email', 'Your e-mail', typed => rules.validate('email', typed), { limit: 254 }),
    picker(
      form,
      'domain.provider',
      'DNS provider',
      rules.providers.map(({ id, name }) => ({ value: id, words: name })),
    ),
    ...(provider === undefined || provider.help === '' ? [] : [note(provider.help, 3)]),
    ...(provider?.fields ?? []).map(each =>
      text(
        form,
        field.credential(`${provider?.id}.${each.name}`),
        each.label,
        typed => rules.validateCredential(provider?.id ?? '', each.name, typed),
        { accepts: printable, limit: 400, optional: each.optional },
      ),
    ),
  ]
}
