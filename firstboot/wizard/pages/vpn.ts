import { valueOf } from '../form.ts'
import { gap, note, option, picker, question, text } from '../items.ts'
import { tunnelCountries } from '../lists.ts'
import type { Item, Page } from '../page.ts'
import type { Asked } from './asked.ts'

/** The way through the VPN, or later. */
export function vpnPage(asked: Asked): Page {
  const { form } = asked
  return {
    items: [
      question('How do downloads go through NordVPN?'),
      note('Torrents run only through the tunnel. Without one they stay off.'),
      gap,
      option(form, 'vpn', 'token', 'With an access token (easiest)'),
      ...(valueOf(form, 'vpn') === 'token' ? tokenItems(asked) : []),
      option(form, 'vpn', 'wireguard-key', 'With a WireGuard private key'),
      ...(valueOf(form, 'vpn') === 'wireguard-key' ? keyItems(asked) : []),
      option(form, 'vpn', 'later', 'Later: torrents stay off until then'),
    ],
    help: [
      'Make a token at my.nordaccount.com: NordVPN, Manual setup, Access token. It has 64 characters. You need a NordVPN subscription.',
      'The token is used once, to fetch the key of the tunnel. It is not kept.',
      'A WireGuard private key has 44 characters and ends with =. Take this way if you have the key already.',
      'Choose the country that your downloads shall seem to come from. The nearest one is the fastest.',
      'Ctrl-R shows what you typed, Ctrl-U empties the line.',
    ],
    problem: null,
  }
}

const country = ({ form, checks }: Asked): Item =>
  picker(form, 'vpn.country', 'Country', tunnelCountries(checks.countries?.result?.found), true)

const tokenItems = (asked: Asked): Item[] => [
  text(asked.form, 'vpn.token', 'Token', typed => asked.rules.validate('vpnToken', typed), {
    accepts: /^[A-Za-z0-9+/=]$/,
    limit: 80,
    hint: 'Ctrl-R shows it',
    check: 'vpn',
  }),
  { type: 'check', id: 'vpn' },
  country(asked),
  gap,
]

const keyItems = (asked: Asked): Item[] => [
  text(asked.form, 'vpn.key', 'Private key', typed => asked.rules.validate('wireguardKey', typed), {
    accepts: /^[A-Za-z0-9+/=]$/,
    limit: 80,
    hint: 'Ctrl-R shows it',
  }),
  country(asked),
  gap,
]
