import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { answersFromJson } from '../answers/json.ts'
import type { Secret } from '../answers/secret.ts'
import { ChangeFailure } from '../apply/failure.ts'
import { writeDurably } from '../apply/durable.ts'
import { answersPath } from '../apply/places.ts'
import { run as runProgram } from '../run.ts'
import {
  accessTo,
  accountWords,
  claimForAccount,
  lookUpAccount,
  type PlexDoors,
  plexTvFor,
  serverToken,
} from './account.ts'
import { parsePreferences, preferencesPath, renderPreferences, withoutAccount } from './preferences-file.ts'
import type { PlexTv, Pin } from './plex-tv.ts'
import { serverOf, setUp, type SetUpWishes } from './set-up.ts'
import { plexStatePath, type PlexState, readPlexState, writePlexState } from './state.ts'

/** What the command needs of the world; tests give another one. */
export interface PlexCommandDoors extends PlexDoors {
  readonly say: (text: string) => void
  /** A path of the system, as this program reaches it. */
  readonly at: (path: string) => string
  readonly run: (program: string, args: readonly string[]) => Promise<{ readonly code: number | null }>
  readonly signal: AbortSignal
}

const USAGE = `mediaserver plex claim     sign in to Plex with a code, and give this server to your account
mediaserver plex reclaim   the same for a server that was signed out, for instance with "sign out all devices"
mediaserver plex status    how Plex is`

/** The doors of the running system. */
export function systemPlexDoors(ask: PlexDoors['ask'], say: (text: string) => void): PlexCommandDoors {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  return { ask, say, at: path => path, run: (program, args) => runProgram(program, args, 120_000), signal: stop.signal }
}

/** `mediaserver plex claim|reclaim|status`: gives the exit code. */
export async function plexCommand(words: readonly string[], json: boolean, doors: PlexCommandDoors): Promise<number> {
  const { say, at } = doors
  const [word, ...rest] = words
  if (rest.length > 0 || !['claim', 'reclaim', 'status'].includes(word ?? '')) {
    say(USAGE)
    return 2
  }
  try {
    if (word === 'status') return await status(json, doors)
    const { hostname, language } = answersFromJson(await readFile(at(answersPath), 'utf8'))
    return await signIn(word === 'reclaim', { hostname, language }, doors)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (doors.signal.aborted) return 130
    if (code === 'EACCES') say(`Only root may do this: type "sudo mediaserver plex ${word}".`)
    else if (code === 'ENOENT') say('This machine has not been set up yet.')
    else if (error instanceof ChangeFailure) say(`${error.message} ${error.mend}`.trim())
    else throw error
    return code === 'EACCES' || code === 'ENOENT' ? 2 : 1
  }
}

async function status(json: boolean, doors: PlexCommandDoors): Promise<number> {
  const identity = await serverOf(doors).identity()
  const state = await readPlexState(doors.at(plexStatePath))
  const { username = null, pass = null } = state
  if (json) {
    const facts = identity === null ? { running: false } : { running: true, ...identity, username, plexPass: pass }
    doors.say(JSON.stringify(facts, null, 2))
  } else if (identity === null) doors.say('Plex does not answer. Look at: journalctl -u plexmediaserver')
  else doors.say(`Plex ${identity.version} runs, ${accountWords(identity, state)}.`)
  return identity === null ? 1 : 0
}

async function signIn(again: boolean, wishes: SetUpWishes, doors: PlexCommandDoors): Promise<number> {
  const { say, at, signal } = doors
  const path = at(plexStatePath)
  const server = serverOf(doors)
  let identity = await server.ready(() => {}, signal, 60_000)
  if (identity.claimed && !again) {
    const state = await readPlexState(path)
    say(`Plex is ${accountWords(identity, state)} already. For another account: sudo mediaserver plex reclaim`)
    return 0
  }
  const { plexTv, state: begun } = plexTvFor(doors, await readPlexState(path))
  await writePlexState(begun, path)
  const token = await askPerson(plexTv, doors)
  if (token === null) return 1
  if (identity.claimed) {
    say('Taking the server away from the account it had ...')
    await signOut(doors)
    identity = await server.ready(() => {}, signal)
  }
  // It may be another account than before.
  const { account: _, username: __, pass: ___, ...nobody } = begun
  let state: PlexState = { ...nobody, token }
  const failed = await claimForAccount(server, doors, state)
  if (failed !== null) {
    say(`Plex could not be claimed: ${failed.problem}. Try again in a few minutes.`)
    return 1
  }
  identity = await server.claimedBy(identity, signal)
  state = await lookUpAccount(doors, state)
  await writePlexState(state, path)
  const access = await accessTo(server, identity, state, at)
  state = await setUp(server, wishes, state, access ?? (await serverToken(at)) ?? undefined, signal)
  await writePlexState(state, path)
  say(`Done: Plex is ${accountWords(identity, state)}.`)
  say('To connect the other services with it: sudo mediaserver apply')
  return 0
}

async function askPerson(plexTv: PlexTv, { say, signal, pauseMs = 1000 }: PlexCommandDoors): Promise<Secret | null> {
  const made = await plexTv.makePin()
  if (!('value' in made)) {
    say(`Plex cannot be asked for a code: ${'refused' in made ? made.refused : made.unreachable}.`)
    say('Look at the network connection, then try again.')
    return null
  }
  const pin: Pin = made.value
  say('Open https://plex.tv/link on your phone or computer, sign in, and type this code:')
  say(`\n        ${pin.code}\n`)
  say(`It is good for ${Math.round(pin.seconds / 60)} minutes. Waiting ...`)
  const end = Date.now() + pin.seconds * 1000
  while (Date.now() < end) {
    const reply = await plexTv.tokenOf(pin)
    if ('value' in reply && reply.value !== null) return reply.value
    // A network that is away for a moment is no reason to give up; plex.tv's own word is.
    if ('refused' in reply) break
    await delay(2 * pauseMs, undefined, { signal })
  }
  say('The code has run out. Type the same command again for a new one.')
  return null
}

// Plex writes its settings when it ends, so it is ended before they are changed.
async function signOut({ run, at }: PlexCommandDoors): Promise<void> {
  const systemctl = async (verb: string) => {
    const { code } = await run('systemctl', [verb, 'plexmediaserver.service'])
    if (code !== 0)
      throw new ChangeFailure(
        `Plex cannot be ${verb === 'stop' ? 'stopped' : 'started'}.`,
        'Look at: journalctl -u plexmediaserver',
      )
  }
  await systemctl('stop')
  try {
    const file = at(preferencesPath)
    const values = parsePreferences(await readFile(file, 'utf8'))
    if (values === null) throw new ChangeFailure('The settings of Plex are damaged.', `Look at ${preferencesPath}.`)
    const owner = /^plex:[^:]*:(\d+):(\d+):/m.exec(await readFile(at('/etc/passwd'), 'utf8').catch(() => ''))
    const ids = owner === null ? {} : { uid: Number(owner[1]), gid: Number(owner[2]) }
    await writeDurably(file, renderPreferences(withoutAccount(values)), { mode: 0o600, ...ids })
  } finally {
    await systemctl('start')
  }
}
