import { Secret } from '../answers/secret.ts'
import type { Manifest } from '../manifest.ts'
import type { Ports } from '../ports.ts'
import { type Progress, progressAt, stopped, type Track } from '../progress/reduce.ts'
import type { PageInput } from '../screens/applying-page.ts'
import { failedExtent, type FailedInput, failedScreen, initialFailed, reduceFailed } from '../screens/failed.ts'
import {
  finishedExtent,
  type FinishedInput,
  finishedScreen,
  initialFinished,
  type Password,
  proofsOf,
  reduceFinished,
} from '../screens/finished.ts'
import {
  type Consoles,
  initialWorking,
  reduceWorking,
  workingExtent,
  type WorkingInput,
  workingScreen,
} from '../screens/working.ts'
import { verifyingNotice } from '../screens/verification.ts'
import { type Abilities, asPlain } from '../terminal/abilities.ts'
import type { Key } from '../terminal/keys.ts'
import type { Line } from '../terminal/lines.ts'
import type { Scene, Stage } from './scene.ts'
import { shellWords } from './words.ts'

type AnyEffect = NonNullable<
  | ReturnType<typeof reduceWorking>['effect']
  | ReturnType<typeof reduceFailed>['effect']
  | ReturnType<typeof reduceFinished>['effect']
>

/** The progress of an application of a plan, its failure, or its end. `edit` goes back to the questions. */
export function applyingScene(
  stage: Stage,
  { ports, manifest, edit }: { ports: Ports; manifest: Manifest; edit: () => void },
): Scene & { readonly follow: (track: Track, alive: boolean) => void } {
  let working = initialWorking
  let failed = initialFailed
  let finished = initialFinished
  let passwords: readonly Password[] | null = null
  let latest: { track: Track; alive: boolean } | null = null
  let plain = false
  let abilities: Abilities | null = null
  let lastProvenAt: number | null = null

  const progress = (): Progress | null => {
    if (latest === null) return null
    const now = progressAt(latest.track, Date.now())
    return latest.alive ? now : stopped(now)
  }
  const consoles = (): Consoles => {
    const owner = ports.owner.other() ?? stage.name
    return { mine: stage.name, owner, all: ports.consoles() }
  }
  const page = (): PageInput => ({
    manifest,
    abilities: plain ? asPlain(abilities as Abilities) : (abilities as Abilities),
  })
  const workingInput = (now: Progress): WorkingInput => ({
    ...page(),
    progress: now,
    consoles: consoles(),
    state: working,
  })
  const failedInput = (now: Progress): FailedInput => ({
    ...page(),
    progress: now,
    consoles: consoles(),
    state: failed,
  })
  const finishedInput = (now: Progress): FinishedInput => {
    const proven = now.mode === 'configure' ? { ...ports.proven(), now: Date.now() } : null
    const provenAt = proven?.verification?.at ?? null
    if (finished.notice === verifyingNotice && provenAt !== lastProvenAt) finished = { ...finished, notice: null }
    lastProvenAt = provenAt
    const proofs = proofsOf(now)
    return { ...page(), mode: now.mode, proofs, proven, links: [], scan: null, passwords, state: finished }
  }
  const lines = (now: Progress): readonly Line[] => {
    if (now.phase === 'failed') return failedScreen(failedInput(now))
    return now.phase === 'finished' ? finishedScreen(finishedInput(now)) : workingScreen(workingInput(now))
  }

  const step = (now: Progress, key: Key): AnyEffect | undefined => {
    const owner = ports.owner.other() === null
    if (now.phase === 'failed') {
      const next = reduceFailed(failed, key, { extent: failedExtent(failedInput(now)), owner })
      failed = next.state
      return next.effect
    }
    if (now.phase === 'finished') {
      const next = reduceFinished(finished, key, {
        extent: finishedExtent(finishedInput(now)),
        passwords: passwords !== null,
        mode: now.mode,
      })
      finished = next.state
      return next.effect
    }
    const next = reduceWorking(working, key, { extent: workingExtent(workingInput(now)), owner })
    working = next.state
    return next.effect
  }

  const notice = (words: string) => {
    working = { ...working, notice: words }
    failed = { ...failed, notice: words }
    finished = { ...finished, notice: words }
    stage.show()
  }
  const orTell = (work: Promise<string | null>) =>
    void work.then(complaint => (complaint === null ? undefined : notice(`That did not work: ${complaint}`)))
  const perform = (effect: AnyEffect): void => {
    switch (effect) {
      case 'shell':
        return void stage.give('/bin/bash', ['--login'], shellWords)
      case 'redraw':
        return stage.redraw()
      case 'plain':
        plain = !plain
        return stage.redraw()
      case 'quit':
        return stage.quit()
      case 'take-over':
        ports.owner.claim(true)
        return
      case 'retry':
        failed = { ...initialFailed, notice: 'Trying again ...' }
        return orTell(ports.apply())
      case 'edit':
        return edit()
      case 'verify':
        return orTell(ports.verify())
      case 'report':
        failed = { ...failed, notice: 'Packing the report ...' }
        return void ports.report().then(notice)
      case 'forget-passwords':
        passwords = null
        return stage.redraw()
      case 'restart':
        return orTell(ports.power('reboot'))
      case 'poweroff':
        return orTell(ports.power('poweroff'))
    }
  }

  return {
    follow(track, alive) {
      const before = latest?.track.phase
      latest = { track, alive }
      if (track.phase === 'finished' && before !== 'finished') {
        passwords = ports.passwords().map(({ service, user, password }) => ({
          service,
          user,
          password: new Secret(password),
        }))
        if (passwords.length === 0) passwords = null
      }
      if (track.phase === 'running' && before === 'failed') [working, failed] = [initialWorking, initialFailed]
    },
    view(now) {
      abilities = now
      const shown = progress()
      return { lines: shown === null ? [] : lines(shown), cursor: null, range: { least: 0, most: 0 } }
    },
    plain: () => plain,
    keys(keys) {
      for (const key of keys) {
        const now = progress()
        const effect = now === null ? undefined : step(now, key)
        if (effect !== undefined) perform(effect)
      }
    },
    leave: () => ports.owner.release(),
  }
}
