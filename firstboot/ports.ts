import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Draft } from './answers/answers.ts'
import { shownPasswordsPath } from './apply/events.ts'
import { cancelPath } from './begin/beginning.ts'
import { setupFacts } from './begin/facts.ts'
import { draftPath, loadDraft, saveDraft } from './draft-store.ts'
import { parseCredentials } from './credentials.ts'
import { isApplying } from './is-applying.ts'
import { openOwnership, ownerPath, type Ownership } from './owner.ts'
import { planConfigure, planSetup } from './plan/plan-setup.ts'
import { presentAnswers } from './present.ts'
import type { Root } from './root.ts'
import { run } from './run.ts'
import type { Progress } from './verify/run-checks.ts'
import { readProgress, readVerification } from './verify/store.ts'
import type { Verification } from './verify/verification.ts'
import { applianceRules } from './wizard/appliance-rules.ts'
import type { CheckRequest, CheckResult } from './wizard/checks.ts'
import { countries, keyboards, languages, timezones } from './wizard/lists.ts'
import type { Rules } from './wizard/rules.ts'
import type { Found, KeptDraft, StartRequest, World } from './wizard/state.ts'
import { xkbOf } from './xkb.ts'

// Longer than any stick takes for a few kilobytes.
const MOST_TELLING_SECONDS = 60

/** Everything that the screens ask of the world. What can fail gives the reason in words, or null. */
export interface Ports {
  readonly rules: Rules
  readonly owner: Ownership
  lists(): World['lists']
  loadDraft(): KeptDraft | null
  saveDraft(draft: KeptDraft): void
  /** The answers that are being applied, to be changed; null when nobody knows them. */
  agreed(): Promise<Draft | null>
  /** The answers that this machine was set up with, where it is set up. */
  present(): Draft | null
  /** What lies on the stick. */
  readStick(): Promise<Pick<Found, 'file' | 'keys'>>
  check(request: CheckRequest): Promise<CheckResult>
  switchKeyboard(keyboard: string): Promise<void>
  /** Hands the answers and the consent over, and starts the set-up. */
  start(request: StartRequest): Promise<string | null>
  log(): Promise<readonly string[]>
  power(verb: 'reboot' | 'poweroff'): Promise<string | null>
  /** Makes what was agreed to true, or goes on with it. */
  apply(): Promise<string | null>
  /** Has the machine verified now; how that goes shows in `proven`. */
  verify(): Promise<string | null>
  /** What is known of the proofs of this machine. */
  proven(): { readonly verification: Verification | null; readonly verifying: Progress | null }
  /** False when the program that applies a plan is gone. */
  isApplying(): boolean
  /** The names of all consoles that show these screens. */
  consoles(): readonly string[]
  /** What was made up during the set-up, to be shown to its owner. */
  passwords(): readonly { readonly service: string; readonly user: string; readonly password: string }[]
  /** Puts a report without secrets on the stick; gives what to tell the person. */
  report(): Promise<string>
  /** Somebody has stopped the countdown already. */
  cancelled(): boolean
}

/** The real ports of this machine, for the console with a name; below `root`'s prefix, no unit is started. */
export function openPorts(root: Root, console: string): Ports {
  const real = root.prefix === ''
  const at = (path: string) => (real ? path : join(root.prefix, path))
  const facts = setupFacts(root)
  let lists: World['lists'] | null = null
  const startApplying = async () =>
    real ? complaint(await run('systemctl', ['start', '--no-block', 'mediaserver-apply.service'])) : null
  const applying = () => !real || isApplying(root)
  return {
    rules: applianceRules((machine, answers) =>
      machine.role === 'installed' ? planConfigure(answers) : planSetup(machine, answers, facts),
    ),
    owner: openOwnership(at(ownerPath), console),
    lists: () => (lists ??= { languages: languages(), keyboards, timezones: timezones(), countries: countries() }),
    loadDraft: () => loadDraft(at(draftPath)),
    saveDraft: draft => saveDraft(at(draftPath), draft),
    agreed: async () => await (await import('./agreed.ts')).agreedAnswers(root),
    present: () => presentAnswers(root),
    readStick: async () => (await import('./stick.ts')).readStick(root),
    check: async request => (await import('./live-checks/run-check.ts')).runCheck(request, root),
    switchKeyboard: async keyboard => {
      if (!real || !/^tty\d+$/.test(console)) return
      const { layout, variant, options } = xkbOf(keyboard)
      // console-setup(5): ckbcomp makes a keymap of the console from a layout of XKB, loadkeys takes it.
      await run('/bin/sh', ['-c', 'ckbcomp "$1" "$2" "$3" | loadkeys', 'sh', layout, variant, options])
    },
    start: async ({ answers, plan, planHash }) => {
      const { requestPath, writeRequest } = await import('./apply/request.ts')
      try {
        await writeRequest(at(requestPath), { answers, plan, consent: planHash, by: console })
      } catch (error) {
        return `The answers could not be handed over: ${(error as Error).message}`
      }
      return await startApplying()
    },
    apply: startApplying,
    verify: async () =>
      real ? complaint(await run('systemctl', ['start', '--no-block', 'mediaserver-verify.service'])) : null,
    proven: () => ({ verification: readVerification(root), verifying: readProgress(root) }),
    isApplying: applying,
    consoles: () =>
      root
        .list('/run/systemd/generator/getty.target.wants')
        .flatMap(name => /^mediaserver-setup@(.+)\.service$/.exec(name)?.[1] ?? []),
    passwords: () => readPasswords(root),
    report: async () => (await import('./diagnostics/to-stick.ts')).reportToStick(root),
    cancelled: () => root.text(cancelPath) !== null,
    log: async () => {
      if (!real) return (root.text('/recorded/log.txt') ?? '').split('\n')
      const ended = await run('journalctl', ['--boot', '--no-pager', '--lines=400', '--output=short-monotonic'])
      return (ended.stdout || ended.stderr).trimEnd().split('\n')
    },
    power: async verb => {
      if (!real) return 'this is a recorded machine'
      // The end is on the screen while it is still being told to the stick, and that may take a while on a slow one.
      for (let waited = 0; waited < MOST_TELLING_SECONDS && applying(); waited++) await delay(1000)
      return complaint(await run('systemctl', [verb]))
    },
  }
}

function readPasswords(root: Root): ReturnType<Ports['passwords']> {
  const found = parseCredentials(root.text(shownPasswordsPath) ?? '') ?? {}
  return Object.entries(found).map(([service, { user, password }]) => ({ service, user, password }))
}

const complaint = ({ code, stderr }: { code: number | null; stderr: string }): string | null =>
  code === 0 ? null : (stderr.trim().split('\n')[0] ?? 'no reason was given')
