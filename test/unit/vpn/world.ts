import type { Get } from '../../../firstboot/live-checks/https.ts'
import { answerAsNordVpn, type Faults, type NordVpnWorld, type StandInServer } from '../../internet/nordvpn.ts'
import { wireguardKeys } from '../../internet/keys.ts'

const server = (hostname: string, station: string, country: string, p2p: boolean): StandInServer => ({
  hostname,
  station,
  publicKey: wireguardKeys().publicKey,
  country,
  city: 'Capital',
  p2p,
})

export const TOKEN = 'c0ffee'.repeat(10) + 'dead'

/** A NordVPN with three servers: two in Sweden, of which one is for file sharing, and an ordinary one in Germany. */
export const someWorld = (): NordVpnWorld => ({
  token: TOKEN,
  key: wireguardKeys().privateKey,
  servers: [
    server('se1.nordvpn.com', '203.0.113.1', 'Sweden', false),
    server('se2.nordvpn.com', '203.0.113.2', 'Sweden', true),
    server('de1.nordvpn.com', '203.0.113.3', 'Germany', false),
  ],
})

/** Asks that NordVPN without a network, and writes down what was asked. */
export function askerOf(world: NordVpnWorld, faults: Faults = {}): { get: Get; asked: string[] } {
  const asked: string[] = []
  const get: Get = (url, headers = {}) => {
    asked.push(url)
    const authorization = headers['Authorization'] ?? ''
    const { status, body } = answerAsNordVpn({ method: 'GET', url, authorization, from: '203.0.113.7' }, world, faults)
    return Promise.resolve({ status, text: JSON.stringify(body) })
  }
  return { get, asked }
}

/** A network that leads nowhere. */
export const offline: Get = () => Promise.resolve({ unreachable: 'no network (api.nordvpn.com cannot be reached)' })
