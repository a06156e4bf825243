import { expect, test } from 'vitest'
import { choosePool } from '../../../firstboot/stack/address-pool.ts'

test.each<[string, string[], string | null, string | null]>([
  ['an ordinary home takes the first', ['192.168.1.20/24', 'default', '192.168.1.0/24'], null, '172.30.0.0/16'],
  ['a network that lies in the first takes the next', ['172.30.4.7/22'], null, '10.213.0.0/16'],
  ['a network around both takes a third', ['172.30.0.0/15', '10.0.0.7/8'], null, '192.168.224.0/19'],
  ['one address in it is enough', ['172.30.255.255'], null, '10.213.0.0/16'],
  ['its neighbour is not', ['172.31.0.0/16', '172.29.255.255/16'], null, '172.30.0.0/16'],
  ['what is there stays', ['192.168.1.20/24'], '10.87.0.0/16', '10.87.0.0/16'],
  ['what is there goes when the machine has moved house', ['10.87.3.2/24'], '10.87.0.0/16', '172.30.0.0/16'],
  ['a default route takes nothing', ['0.0.0.0/0'], null, '172.30.0.0/16'],
  ['words that are no addresses take nothing', ['default', 'unreachable', '999.1.1.1/8'], null, '172.30.0.0/16'],
  ['nothing may be left', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'], null, null],
])('%s', (_, taken, present, chosen) => {
  expect(choosePool(taken, present)).toBe(chosen)
})
