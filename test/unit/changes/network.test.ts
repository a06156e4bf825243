import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { renderNetplan } from '../../../firstboot/changes/network.ts'

const wifi = { name: 'Home: 5 GHz', country: 'DE' }
const password = { ...wifi, password: new Secret('correct horse') }
const dhcp = { network: { mode: 'dhcp' as const } }

const wifis = (text: string): unknown => (parse(text) as { network: { wifis?: unknown } }).network.wifis

describe('the network as netplan reads it', () => {
  test('names each Wi-Fi card, as a pattern is refused there', () => {
    const card = {
      dhcp4: true,
      optional: true,
      'regulatory-domain': 'DE',
      'access-points': { 'Home: 5 GHz': { password: 'correct horse' } },
    }
    const text = renderNetplan({ ...dhcp, wifi }, password, ['wlan0', 'wlp2s0'])
    expect(wifis(text)).toStrictEqual({ wlan0: card, wlp2s0: card })
    expect(text).not.toMatch(/[&*]\w+$/m)
  })

  test('has no Wi-Fi where there is no card, or none was asked for', () => {
    expect(wifis(renderNetplan({ ...dhcp, wifi }, password, []))).toBeUndefined()
    expect(wifis(renderNetplan({ ...dhcp, wifi: null }, null, ['wlan0']))).toBeUndefined()
  })

  test('takes any cable when the router gives the address, and one port when the person does', () => {
    expect(renderNetplan({ ...dhcp, wifi: null }, null, [])).toContain('name: e*')
    const fixed = {
      mode: 'static' as const,
      interface: 'enp1s0',
      address: '192.168.1.20/24',
      gateway: '192.168.1.1',
      dns: ['192.168.1.1'],
    }
    expect(parse(renderNetplan({ network: fixed, wifi: null }, null, []))).toMatchObject({
      network: { ethernets: { enp1s0: { addresses: ['192.168.1.20/24'] } } },
    })
  })
})
