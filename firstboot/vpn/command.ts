import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Answers } from '../answers/answers.ts'
import { answersFromJson, answersToJson } from '../answers/json.ts'
import { vpnCountryFault } from '../answers/rules/vpn.ts'
import { writeDurably } from '../apply/durable.ts'
import { explainFailure } from '../apply/failure.ts'
import { answersPath } from '../apply/places.ts'
import { siteMaker } from '../apply/site.ts'
import type { Site } from '../changes/change.ts'
import { type Get, openHttps } from '../live-checks/https.ts'
import { openRoot } from '../root.ts'
import { chooseServers } from './choose.ts'
import { parseCounters } from './counters.ts'
import { type Facts, seenFromHome, seenFromTunnel, tunnelFacts } from './facts.ts'
import { readSettings } from './force.ts'
import { COUNTERS, type Counter } from './kill-switch.ts'
import { serverWords } from './settings.ts'
import { readCondition, writeCondition } from './supervisor/condition-file.ts'
import { CALM, decide } from './supervisor/decide.ts'
import { gateProcess, look } from './supervisor/look.ts'
import { leadTo, mend } from './supervisor/mend.ts'
import { watch } from './supervisor/watch.ts'

const LOOK_MILLISECONDS = 120_000
const MEND_MILLISECONDS = 900_000
const DIG_SECONDS = 60

const silent = { progress: () => {}, log: () => {} }

/** The running system, where no program may take longer than this. */
export function siteFor(answers: Answers, milliseconds: number, stop?: AbortSignal): Site {
  const late = AbortSignal.timeout(milliseconds)
  return siteMaker(answers, false, stop === undefined ? late : AbortSignal.any([stop, late]))(silent)
}

/** The answers of this machine; null when it has not been set up. */
export async function readAnswers(): Promise<Answers | null> {
  const text = await readFile(answersPath, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : answersFromJson(text)
}

type Say = (line: string) => void
type Act = (answers: Answers, get: Get, say: Say, json: boolean, args: readonly string[]) => Promise<number>

const actions: Readonly<Record<string, Act>> = {
  status: async (answers, get, say, json) => {
    const facts = await gather(siteFor(answers, LOOK_MILLISECONDS), get)
    say(json ? JSON.stringify(facts, null, 2) : factsLines(facts).join('\n'))
    return facts.state === 'protected' && facts.hidden !== false ? 0 : 1
  },
  country: async (answers, get, say, json, [name = '']) => await changeCountry(answers, name, get, sayer(say, json)),
  repair: async (answers, get, say, json) => await repair(answers, get, sayer(say, json)),
  watch: async (_answers, get, say) => {
    await keepWatch(get, say)
    return 0
  },
}

// A program reads one object a line, with the sentence in it.
const sayer =
  (say: Say, json: boolean): Say =>
  words =>
    say(json ? JSON.stringify({ words }) : words)

/** `mediaserver vpn [status | country NAME | repair | watch]`; gives the exit code. */
export async function vpnCommand(args: readonly string[], json: boolean, say: Say): Promise<number> {
  const [name = 'status', ...rest] = args
  const act = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (act === undefined || rest.length !== (name === 'country' ? 1 : 0)) {
    say('Type one of: mediaserver vpn status, mediaserver vpn country NAME, mediaserver vpn repair.')
    return 2
  }
  if (process.getuid?.() !== 0) {
    say(`Only root can look into the tunnel: type "sudo mediaserver vpn ${args.join(' ')}".`)
    return 2
  }
  try {
    const answers = await readAnswers()
    if (answers?.vpn == null) {
      say('There is no VPN on this machine. "sudo mediaserver setup" asks for it.')
      return 2
    }
    return await act(answers, openHttps(openRoot('')), say, json, rest)
  } catch (error) {
    const { message, mend: how } = explainFailure(error)
    say([message, how].filter(part => part !== '').join(' '))
    return 1
  }
}

/** Everything about the tunnel, from inside and outside of it. */
async function gather(site: Site, get: Get): Promise<Facts> {
  const [seen, settings] = await Promise.all([look(site, get), readSettings(site)])
  const { condition } = decide(seen, CALM, 0)
  const pid = await gateProcess(site)
  const [tunnel, inside, outside, listed] = await Promise.all([
    pid === null ? null : tunnelFacts(pid, site),
    pid === null ? null : seenFromTunnel(pid, site),
    seenFromHome(get),
    site.attempt(['nft', '-j', 'list', 'counters', 'table', 'inet', 'mediaserver'], { quiet: true }),
  ])
  const counted = listed.code === 0 ? parseCounters(listed.stdout) : null
  return {
    ...condition,
    server: settings === null ? null : serverWords(settings.server),
    country: settings?.country ?? null,
    note: settings?.note ?? '',
    handshakeAge: tunnel?.handshakeAge ?? null,
    receivedBytes: tunnel?.receivedBytes ?? null,
    sentBytes: tunnel?.sentBytes ?? null,
    tunnelAddress: inside?.ip ?? null,
    homeAddress: outside?.ip ?? null,
    hidden: inside === null || outside === null ? null : inside.ip !== outside.ip,
    lastRemedy: (await readCondition())?.lastRemedy ?? null,
    dropped: Object.fromEntries(Object.entries(counted ?? {}).filter(([name]) => name !== 'tunnelled')),
  }
}

/** The same for people. Pure. */
export function factsLines(facts: Facts): string[] {
  const line = (name: string, value: string | null) => (value === null ? [] : [`${name.padEnd(12)} ${value}`])
  const { handshakeAge, tunnelAddress, homeAddress, hidden } = facts
  const dropped = Object.entries(facts.dropped).filter(([, packets]) => packets > 0)
  return [
    ...line('VPN', facts.words),
    ...line('Server', facts.server),
    ...line('', facts.note || null),
    ...line('Answered', handshakeAge === null ? null : `${handshakeAge} seconds ago`),
    ...line('Seen as', tunnelAddress),
    ...line('Home is', homeAddress),
    ...(hidden === false ? line('', 'These are the same: the tunnel hides nothing.') : []),
    ...line('Last mended', remedyWords(facts.lastRemedy)),
    ...dropped.flatMap(([name, packets]) =>
      line('Dropped', `${packets} ${packets === 1 ? 'packet' : 'packets'} ${COUNTERS[name as Counter]}`),
    ),
  ]
}

function remedyWords(remedy: Facts['lastRemedy']): string | null {
  if (remedy === null) return null
  return `${new Date(remedy.at).toISOString().slice(0, 16).replace('T', ' ')} UTC: ${remedy.words}`
}

/** Waits until the server has answered; false when it does not in time. */
async function dug(site: Site): Promise<boolean> {
  for (let left = DIG_SECONDS; left > 0; left -= 2) {
    const pid = await gateProcess(site)
    const tunnel = pid === null ? null : await tunnelFacts(pid, site)
    if (tunnel?.handshakeAge != null && tunnel.handshakeAge < DIG_SECONDS) return true
    await delay(2000)
  }
  return false
}

async function changeCountry(answers: Answers, name: string, get: Get, say: Say): Promise<number> {
  const fault = vpnCountryFault(name)
  if (fault !== null) {
    say(fault)
    return 2
  }
  const site = siteFor(answers, MEND_MILLISECONDS)
  const settings = await readSettings(site)
  if (settings === null || answers.vpn === null) {
    say('The VPN has not been set up yet: type "sudo mediaserver apply".')
    return 1
  }
  const { servers, note } = await chooseServers(name, get)
  const [server, ...others] = servers
  const changed = { ...answers, vpn: { ...answers.vpn, country: name } }
  await writeDurably(answersPath, answersToJson(changed), { mode: 0o600 })
  await leadTo({ ...settings, country: name, server, others, note }, site)
  if (note !== '') say(note)
  const works = await dug(site)
  say(
    works
      ? `The tunnel leads to ${serverWords(server)}.`
      : `${serverWords(server)} does not answer yet; another one is tried by itself.`,
  )
  return works ? 0 : 1
}

async function repair(answers: Answers, get: Get, say: Say): Promise<number> {
  const site = siteFor(answers, MEND_MILLISECONDS)
  for (const remedy of ['lock', 'recreate'] as const) say(await mend(remedy, site, get))
  if (await dug(site)) {
    say('The tunnel works.')
    return 0
  }
  say(await mend('next-server', site, get))
  const works = await dug(site)
  say(works ? 'The tunnel works.' : 'No server answers. Look at the network; it is tried again by itself.')
  return works ? 0 : 1
}

async function keepWatch(get: Get, say: Say): Promise<void> {
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort()).once('SIGINT', () => stop.abort())
  const withSite = async <T>(milliseconds: number, body: (site: Site) => Promise<T>): Promise<T> => {
    const answers = await readAnswers()
    if (answers === null) throw new Error('This machine has not been set up yet.')
    return await body(siteFor(answers, milliseconds, stop.signal))
  }
  await watch({
    look: async () => await withSite(LOOK_MILLISECONDS, async site => await look(site, get)),
    mend: async remedy => await withSite(MEND_MILLISECONDS, async site => await mend(remedy, site, get)),
    keep: writeCondition,
    say,
    clock: { now: () => Date.now(), seconds: () => performance.now() / 1000 },
    signal: stop.signal,
  })
}
