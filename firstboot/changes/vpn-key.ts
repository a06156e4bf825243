import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod/mini'
import type { VpnAnswer } from '../answers/answers.ts'
import { ChangeFailure } from '../apply/failure.ts'
import type { Get } from '../live-checks/https.ts'
import { openHttps } from '../live-checks/https.ts'
import { openRoot } from '../root.ts'
import { askKey, chooseServers } from '../vpn/choose.ts'
import { readSettings, settingsFiles } from '../vpn/force.ts'
import { forgetToken, isTokenKept } from '../vpn/forget-token.ts'
import { fingerprint, serverWords, type VpnSettings } from '../vpn/settings.ts'
import { type Change, defineChange, type Site } from './change.ts'
import { filesAreThere, writeFiles } from './files.ts'

const Params = z.strictObject({ country: z.string() })
type Params = z.infer<typeof Params>

// At the first start of a system the network may come later than this program.
const TRIES = 8
const PAUSE_MILLISECONDS = 3000

function answerOf(site: Site): VpnAnswer {
  if (site.answers.vpn !== null) return site.answers.vpn
  throw new ChangeFailure('There is no answer about the VPN.', 'Start the set-up again and answer it.')
}

/** Whether settings were made from this answer; once the token is forgotten, the answer is the key itself. */
function isFrom(settings: VpnSettings, { credential }: VpnAnswer): boolean {
  if (settings.source === fingerprint(credential.value)) return true
  return credential.kind === 'wireguard-key' && settings.key.reveal() === credential.value.reveal()
}

/** Asks until somebody answers, or as long as a network needs to come up. */
const patient =
  (get: Get, site: Site, pause: number): Get =>
  async (url, headers) => {
    for (let left = TRIES; ; left -= 1) {
      const answer = await get(url, headers)
      if (!('unreachable' in answer) || left <= 1) return answer
      site.progress('waiting for the network')
      await delay(pause, undefined, { signal: site.signal })
    }
  }

/** The change, with a way to the internet and the pause between two tries in milliseconds: tests give their own. */
export const makeVpnKey = (get: Get, pause = PAUSE_MILLISECONDS): Change =>
  defineChange<Params>({
    id: 'vpn-key',
    where: 'target',
    parse: params => Params.parse(params),
    async check({ country }, site) {
      const settings = await readSettings(site)
      if (settings === null || settings.country !== country || !isFrom(settings, answerOf(site))) return null
      if (!(await filesAreThere(settingsFiles(settings), site)) || (await isTokenKept(site))) return null
      return [`the VPN's server is ${serverWords(settings.server)}`, settings.note].filter(Boolean).join('. ')
    },
    async apply({ country }, site) {
      const { credential } = answerOf(site)
      const ask = patient(get, site, pause)
      site.progress(credential.kind === 'token' ? 'asking NordVPN for the key' : 'asking NordVPN for a server')
      const key = credential.kind === 'token' ? await askKey(credential.value, ask) : credential.value
      site.progress('asking NordVPN for a server')
      const { servers, note } = await chooseServers(country, ask)
      const [server, ...others] = servers
      const settings = { key, source: fingerprint(credential.value), country, server, others, note }
      await writeFiles(settingsFiles(settings), site)
      if (credential.kind === 'token') await forgetToken(credential.value, key, site)
    },
  })

/** Turns the answer about the VPN into a tunnel: a key, and a server that it leads to. The token is kept nowhere. */
export const vpnKey = makeVpnKey(openHttps(openRoot('')))
