import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod/mini'
import type { VpnAnswer } from '../answers/answers.ts'
import { ChangeFailure } from '../apply/failure.ts'
import type { Get } from '../live-checks/https.ts'
import { openHttps } from '../live-checks/https.ts'
import { openRoot } from '../root.ts'
import { alone } from '../vpn/alone.ts'
import { askKey, chooseServers } from '../vpn/choose.ts'
import { readSettings, settingsFiles } from '../vpn/force.ts'
import { forgetToken, isTokenKept } from '../vpn/forget-token.ts'
import { runsOtherwise } from '../vpn/in-use.ts'
import { fingerprint, serverWords, type VpnSettings } from '../vpn/settings.ts'
import { leadTo } from '../vpn/supervisor/mend.ts'
import { type Change, defineChange, type Site } from './change.ts'
import { filesAreThere } from './files.ts'

const Params = z.strictObject({ country: z.string() })
type Params = z.infer<typeof Params>

// At the first start of a system the network may come later than this program.
const TRIES = 8
const PAUSE_MILLISECONDS = 3000
const USE_TRIES = 20
const USE_PAUSE_MILLISECONDS = 500

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

/** The settings that there are, if they were made from these answers; else null. */
async function settingsFor(country: string, site: Site): Promise<VpnSettings | null> {
  const settings = await readSettings(site)
  return settings !== null && settings.country === country && isFrom(settings, answerOf(site)) ? settings : null
}

/** The same, if every file says what they say. */
const settledFor = async (country: string, site: Site): Promise<VpnSettings | null> =>
  await alone(site, async () => {
    const settings = await settingsFor(country, site)
    return settings !== null && (await filesAreThere(settingsFiles(settings), site)) ? settings : null
  })

const words = ({ server, note }: VpnSettings): string =>
  [`the VPN's server is ${serverWords(server)}`, note].filter(Boolean).join('. ')

/** Key and server for the answers, from NordVPN. */
async function askFor(country: string, site: Site, ask: Get): Promise<VpnSettings> {
  const { credential } = answerOf(site)
  site.progress(credential.kind === 'token' ? 'asking NordVPN for the key' : 'asking NordVPN for a server')
  const key = credential.kind === 'token' ? await askKey(credential.value, ask) : credential.value
  site.progress('asking NordVPN for a server')
  const { servers, note } = await chooseServers(country, ask)
  const [server, ...others] = servers
  return { key, source: fingerprint(credential.value), country, server, others, note }
}

/** Waits until the tunnel that runs has taken its settings, which is a matter of a moment. */
async function waitUntilUsed(site: Site): Promise<void> {
  for (let left = USE_TRIES; left > 0; left -= 1) {
    const settings = await readSettings(site)
    if (settings === null || !(await runsOtherwise(settings, site))) return
    await delay(USE_PAUSE_MILLISECONDS, undefined, { signal: site.signal })
  }
}

/** The change, with a way to the internet and the pause between two tries in milliseconds: tests give their own. */
export const makeVpnKey = (get: Get, pause = PAUSE_MILLISECONDS): Change =>
  defineChange<Params>({
    id: 'vpn-key',
    where: 'target',
    parse: params => Params.parse(params),
    async check({ country }, site) {
      const settings = await settledFor(country, site)
      if (settings === null || (await isTokenKept(site))) return null
      // A set-up that was cut off may have written what the tunnel does not know yet.
      return (await runsOtherwise(settings, site)) ? null : words(settings)
    },
    async apply({ country }, site) {
      const { credential } = answerOf(site)
      const present = await settingsFor(country, site)
      const settings = present ?? (await askFor(country, site, patient(get, site, pause)))
      // A tunnel that runs is told at once, or it would go on by the answers before until it is found dead. The supervisor
      // may have led the present one elsewhere meanwhile; then it has told it as well.
      await leadTo(settings, site, present ?? undefined)
      if (credential.kind === 'token') await forgetToken(credential.value, settings.key, site)
      await waitUntilUsed(site)
    },
    // A tunnel that does not take its settings is a matter of its container, and that is looked at later.
    async verify({ country }, site) {
      const settings = await settledFor(country, site)
      if (settings === null || (await isTokenKept(site)))
        throw new ChangeFailure('The settings of the VPN were written, but a look afterwards does not find them.')
      return words(settings)
    },
  })

/** Turns the answer about the VPN into a tunnel: a key, and a server that it leads to. The token is kept nowhere. */
export const vpnKey = makeVpnKey(openHttps(openRoot('')))
