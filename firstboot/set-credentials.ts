import type { Secret } from './answers/secret.ts'
import { explainFailure } from './apply/failure.ts'
import { applyLockPath } from './apply/places.ts'
import { keepPassword, readStackKeys } from './changes/stack-keys.ts'
import { heldWords } from './doctor/safety-stop.ts'
import { takeLock } from './lock.ts'
import type { Root } from './root.ts'
import type { Login } from './stack/keys.ts'
import { askSecret } from './terminal/ask-secret.ts'
import { openStage } from './verify/open-stage.ts'
import type { Scene } from './verify/check.ts'
import type { Stage } from './verify/run-checks.ts'
import { siteOf } from './verify/site.ts'
import { openApi } from './wiring/api.ts'
import { openHttp } from './wiring/http.ts'
import { type Admission, logInto } from './wiring/qbittorrent-login.ts'
import { guardLogin } from './wiring/refused-login.ts'
import { placesOf } from './wiring/services.ts'
import { Trouble } from './wiring/trouble.ts'

const USAGE = `mediaserver credentials                   the passwords that were made up
mediaserver credentials set qbittorrent   tell this machine a password that you have changed in qBittorrent
The others need not be told: this machine opens them with keys of their own.`

/** What the command needs of the world; tests give another one. */
export interface SetDoors {
  readonly open: (root: Root) => Stage | { readonly fault: string }
  /** Asks without showing what is typed; null where nobody sits at a terminal. */
  readonly ask: ((question: string) => Promise<Secret | null>) | null
  /** Tries a login of qBittorrent once. */
  readonly tryLogin: (login: Login) => Promise<Admission>
  /** Waits until nobody applies answers, and keeps others from it. */
  readonly alone: (onWait: () => void) => Promise<AsyncDisposable>
}

const systemDoors = (): SetDoors => ({
  open: openStage,
  ask: process.stdin.isTTY && process.stdout.isTTY ? askSecret : null,
  tryLogin: async login => await tryAtQbittorrent(login),
  alone: async onWait => await takeLock(applyLockPath, new AbortController().signal, onWait),
})

async function tryAtQbittorrent(login: Login): Promise<Admission> {
  const api = openApi({
    place: placesOf.qbittorrent,
    headers: {},
    http: openHttp(),
    signal: new AbortController().signal,
    redact: text => text.replaceAll(login.password.reveal(), '[redacted]'),
    credential: 'login',
    credentialMend: 'Try again.',
  })
  return await logInto(api, login)
}

/**
 * `mediaserver credentials set qbittorrent`: asks for the password that a person has given it there, and keeps it when
 * qBittorrent takes it; gives the exit code. It is never an argument, where every program could read it.
 */
export async function setCredentialsCommand(
  root: Root,
  words: readonly string[],
  say: (text: string) => void,
  doors: SetDoors = systemDoors(),
): Promise<number> {
  if (words.join(' ') !== 'set qbittorrent') {
    say(USAGE)
    return 2
  }
  const stage = doors.open(root)
  if ('fault' in stage) {
    say(stage.fault)
    return 2
  }
  const why = hindrance(stage)
  if (why !== null || doors.ask === null) {
    say(why ?? 'The password is asked for on a terminal, so that nobody sees it: over SSH, with "ssh -t".')
    return 2
  }
  try {
    return await askAndKeep(stage, say, doors.ask, doors)
  } catch (error) {
    const { message, mend } = error instanceof Trouble ? { message: error.message, mend: LOOK } : explainFailure(error)
    say(`${message} ${mend}`)
    return 1
  }
}

const LOOK = 'Nothing was changed. See whether it runs: "sudo mediaserver verify services".'

async function askAndKeep(
  stage: Stage,
  say: (text: string) => void,
  ask: NonNullable<SetDoors['ask']>,
  { tryLogin, alone }: SetDoors,
): Promise<number> {
  const { root, answers } = stage
  const { signal } = new AbortController()
  const attempt: Scene['attempt'] = async (argv, follow = {}) => await stage.attempt(argv, { ...follow, signal })
  const site = siteOf({ answers, root, attempt, signal })
  const known = (await readStackKeys(site))?.logins.qbittorrent
  if (known === undefined) {
    say('The logins of this machine are missing or damaged. Have new ones made: "sudo mediaserver apply".')
    return 2
  }
  const password = await ask(`Password of ${known.user} in qBittorrent: `)
  if (password === null) {
    say('Nothing was changed.')
    return 2
  }
  const login = { ...known, password }
  const admission = await tryLogin(login)
  if ('refusal' in admission) {
    say(`${refusedWords(admission.refusal, login.user)} Nothing was changed.`)
    return 1
  }
  await using _held = await alone(() => say('The answers are being applied right now; this goes on when that is done.'))
  await keepPassword('qbittorrent', password, site)
  await guardLogin(login, { root, answers, attempt }).accepted()
  say('qBittorrent takes it, and it is kept. Now have the others told, too: "sudo mediaserver apply".')
  return 0
}

/** Why a login cannot be tried on this machine, in a sentence; null when it can. */
function hindrance({ services, root }: Stage): string | null {
  if (!services.some(({ name }) => name === 'qbittorrent')) return 'This machine has no qBittorrent.'
  const held = heldWords('qbittorrent', root)
  return held === null ? null : `It cannot be tried right now. ${held}`
}

const refusedWords = (refusal: 'wrong' | 'banned', user: string): string =>
  refusal === 'banned'
    ? 'qBittorrent lets nobody log in from this machine for an hour, after too many wrong passwords. Try again then.'
    : `qBittorrent does not let ${user} in with it. The name has to be ${user} there, too (Tools, Options, WebUI); after five wrong tries it lets nobody in for an hour.`
