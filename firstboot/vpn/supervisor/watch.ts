import { setTimeout as delay } from 'node:timers/promises'
import { explainFailure } from '../../apply/failure.ts'
import { CALM, type Condition, decide, type Memory, type Remedy, type Seen } from './decide.ts'
import type { KnownCondition } from './condition-file.ts'

/** What the supervisor needs of the world. */
export interface WatchPorts {
  readonly look: () => Promise<Seen>
  readonly mend: (remedy: Remedy) => Promise<string>
  readonly keep: (condition: KnownCondition) => Promise<void>
  /** A line for the journal: only what is new. */
  readonly say: (line: string) => void
  /** Unix milliseconds for people, and seconds of a clock that never goes back. */
  readonly clock: { readonly now: () => number; readonly seconds: () => number }
  readonly signal: AbortSignal
}

// Often enough that nobody waits long for downloads, and seldom enough that nobody notices it.
const CALM_SECONDS = 20
const TROUBLE_SECONDS = 8

/** Looks after the tunnel until the signal ends it. No trouble of its own ends it: it is said, and looked at again. */
export async function watch(ports: WatchPorts): Promise<void> {
  let memory: Memory = CALM
  let said = ''
  let lastRemedy: KnownCondition['lastRemedy'] = null
  while (!ports.signal.aborted) {
    let condition: Condition
    let remedy: Remedy | null = null
    try {
      const decision = decide(await ports.look(), memory, ports.clock.seconds())
      memory = decision.memory
      condition = decision.condition
      remedy = decision.remedy
    } catch (error) {
      condition = { state: 'unknown', words: `The VPN could not be looked at: ${explainFailure(error).message}` }
    }
    if (condition.words !== said) ports.say(condition.words)
    said = condition.words
    await ports.keep({ ...condition, at: ports.clock.now(), lastRemedy })
    if (remedy !== null) {
      const words = await ports.mend(remedy).catch((error: unknown) => explainFailure(error).message)
      ports.say(words)
      lastRemedy = { words, at: ports.clock.now() }
    }
    const pause = condition.state === 'protected' ? CALM_SECONDS : TROUBLE_SECONDS
    await delay(pause * 1000, undefined, { signal: ports.signal }).catch(() => {})
  }
}
