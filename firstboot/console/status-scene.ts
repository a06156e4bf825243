import type { Manifest } from '../manifest.ts'
import type { Ports } from '../ports.ts'
import type { Root } from '../root.ts'
import {
  initialStatus,
  reduceStatus,
  statusExtent,
  type StatusEffect,
  type StatusInput,
  statusScreen,
} from '../screens/status.ts'
import { verifyingNotice } from '../screens/verification.ts'
import { readStatus, type Status, withKnown } from '../status/read.ts'
import { type Abilities, asPlain } from '../terminal/abilities.ts'
import type { HomeScene, Stage } from './scene.ts'

// How often the machine is looked at, in milliseconds; the screen may be on for years. Where that costs much, the looks take
// this part of a processor, and the screen is a little older.
const lookDelay = 5000
const longestDelay = 20_000
const lookShare = 0.05
const restAfter = (cpu: number) => Math.min(longestDelay, Math.max(lookDelay, cpu / lookShare))
// Nobody waits for these looks; under emulation systemctl alone takes longer than a person would.
const patience = 4000

/** How the installed machine is: in place of a bare login prompt. */
export function statusScene(
  stage: Stage,
  { root, ports, manifest, current }: { root: Root; ports: Ports; manifest: Manifest; current: () => boolean },
): HomeScene {
  let state = initialStatus
  let status: Status | null = null
  let plain = false
  let abilities: Abilities | null = null

  const input = (): StatusInput => ({
    manifest,
    abilities: plain ? asPlain(abilities as Abilities) : (abilities as Abilities),
    status,
    now: Date.now(),
    state,
  })
  const look = async () => {
    const before = process.cpuUsage()
    await lookOnce()
    const { user, system } = process.cpuUsage(before)
    setTimeout(() => void look(), restAfter((user + system) / 1000)).unref()
  }
  const lookOnce = async () => {
    if (!stage.away() && current()) {
      const before = status?.verification?.at
      status = withKnown(await readStatus(root, patience), status)
      if (state.notice === verifyingNotice && status.verification?.at !== before) state = { ...state, notice: null }
      if (current()) {
        stage.distrust()
        stage.show()
      }
    }
  }
  const notice = (words: string) => {
    state = { ...state, notice: words }
    stage.show()
  }
  const power = (verb: 'reboot' | 'poweroff') =>
    void ports
      .power(verb)
      .then(complaint => (complaint === null ? undefined : notice(`That did not work: ${complaint}`)))
  /** Becomes the machine's user after the right password; gives su's exit code, undefined where there is no user. */
  const asUser = async (more: readonly string[], words: (user: string) => string) => {
    const user = status?.user ?? ''
    if (user === '') {
      notice('There is no user yet who could do that.')
      return undefined
    }
    // As nobody, su(1) asks for the user's password: a console stands in a room where others may be. login(1) would hang
    // up everything on the terminal first, this program too.
    const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups']
    return await stage.give('setpriv', [...asNobody, 'su', '--login', user, ...more], `${words(user)}\r\n\n`)
  }
  const logIn = async () => {
    const code = await asUser(
      [],
      user => `The password of ${user} for this console, please. Later "exit" or Ctrl-D brings the screen back.`,
    )
    if (code === 1) notice('Was that the right password? The set-up has made it up, and "P" showed it at its end.')
  }
  const setupAgain = async () => {
    const code = await asUser(
      ['--command', 'sudo mediaserver setup'],
      user => `Setting up again. The password of ${user} for this console, please.`,
    )
    if (code !== undefined && code !== 0) notice('The set-up was not run again.')
  }
  const perform = (effect: StatusEffect): void => {
    switch (effect) {
      case 'redraw':
        return stage.redraw()
      case 'plain':
        plain = !plain
        return stage.redraw()
      case 'quit':
        return stage.quit()
      case 'login':
        return void logIn()
      case 'verify':
        return void ports
          .verify()
          .then(complaint => (complaint === null ? undefined : notice(`That did not work: ${complaint}`)))
      case 'setup-again':
        return void setupAgain()
      case 'restart':
        return power('reboot')
      case 'poweroff':
        return power('poweroff')
    }
  }
  void look()
  return {
    // They are changed by who knows the password, and that is asked for there.
    edit() {
      state = { ...initialStatus, view: 'again' }
    },
    view(now) {
      abilities = now
      return { lines: statusScreen(input()), cursor: null, range: { least: 0, most: 0 } }
    },
    plain: () => plain,
    keys(keys) {
      for (const key of keys) {
        const next = reduceStatus(state, key, { extent: statusExtent(input()) })
        state = next.state
        if (next.effect !== undefined) perform(next.effect)
      }
    },
    leave: () => {},
  }
}
