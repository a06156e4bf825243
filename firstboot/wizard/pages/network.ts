import { valueOf } from '../form.ts'
import { button, gap, option, picker, printable, question, text } from '../items.ts'
import type { Item, Page } from '../page.ts'
import type { Asked } from './asked.ts'

const addressPart = /^[0-9A-Fa-f.:/]$/

/** How the machine gets its address, and Wi-Fi. */
export function networkPage(asked: Asked): Page {
  const { form, checks } = asked
  return {
    items: [
      question('How does this machine reach your network?'),
      option(form, 'network', 'dhcp', 'By cable, the router gives the address (usual)'),
      option(form, 'network', 'static', 'By cable, with an address that I choose'),
      ...(valueOf(form, 'network') === 'static' ? staticItems(asked) : []),
      gap,
      question('Wi-Fi besides the cable?'),
      option(form, 'wifi', 'no', 'No'),
      option(form, 'wifi', 'yes', 'Yes, join this Wi-Fi'),
      ...(valueOf(form, 'wifi') === 'yes' ? wifiItems(asked) : []),
      gap,
      { type: 'check', id: 'internet' },
      ...(checks.internet?.result?.verdict === 'unknown' ? [button('check:internet', 'Check the internet again')] : []),
    ],
    help: [
      'Most networks give every device its address by themselves. Then there is nothing to choose here. If you can, let the router always give this machine the same address: the apps on your phone and TV will find it again.',
      'Choose an address yourself only if you know that your router does not give it to another device. The address is written with the length of the network behind it, mostly /24.',
      'A cable is better for films than Wi-Fi. Wi-Fi is joined when the system is installed.',
      'Without internet you can answer everything and go on; what needs the internet is done as soon as it is there.',
    ],
    problem: null,
  }
}

function staticItems({ form, known, rules }: Asked): Item[] {
  const wired = (known.network ?? []).map(({ name, mac, up }) => ({
    value: name,
    words: `${name}  ${mac}${up ? '' : '  (no cable)'}`,
  }))
  return [
    picker(form, 'interface', 'Network port', wired),
    text(form, 'address', 'Address', typed => rules.validate('address', typed), {
      accepts: addressPart,
      limit: 49,
      hint: 'as in 192.168.1.20/24',
      check: 'address',
    }),
    text(form, 'gateway', 'Router', typed => rules.validate('gateway', typed, valueOf(form, 'address')), {
      accepts: addressPart,
      limit: 45,
      hint: 'as in 192.168.1.1',
    }),
    text(form, 'dns', 'Name servers', typed => rules.validate('dns', typed), {
      accepts: /^[0-9A-Fa-f.:, ]$/,
      limit: 160,
      hint: 'one or more, mostly the router',
    }),
    { type: 'check', id: 'address' },
  ]
}

const wifiItems = ({ form, rules, lists }: Asked): Item[] => [
  text(form, 'wifi.name', 'Name', typed => rules.validate('wifiName', typed), { accepts: printable, limit: 32 }),
  text(form, 'wifi.password', 'Password', typed => rules.validate('wifiPassword', typed), {
    accepts: printable,
    limit: 64,
    hint: 'Ctrl-R shows it',
  }),
  picker(form, 'wifi.country', 'Country', lists.countries),
]
