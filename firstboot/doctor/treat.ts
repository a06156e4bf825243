import { explainFailure } from '../apply/failure.ts'
import type { Check, Scene } from '../verify/check.ts'
import type { Stage } from '../verify/run-checks.ts'
import type { Trouble } from '../verify/trouble.ts'

/** What came of a remedy. */
export type Treated = { readonly done: string } | { readonly why: string }

// Starting containers anew on a slow machine takes minutes.
const LONGEST_REMEDY_SECONDS = 600

/**
 * Does what is safe against a trouble. Never throws: what did not work is told. The doctor has the lock on applying
 * answers meanwhile, so that a remedy which had another program apply them would wait for its own doctor.
 */
export async function treat(trouble: Trouble, stage: Stage, stop: AbortSignal): Promise<Treated> {
  if (trouble.remedy === undefined) return { why: 'This needs a person.' }
  const late = AbortSignal.timeout(LONGEST_REMEDY_SECONDS * stage.patience * 1000)
  const signal = AbortSignal.any([stop, late])
  const { patience: _, ...parts } = stage
  const scene: Scene = {
    ...parts,
    signal,
    once: async (_name, find) => await find(),
    attempt: async (argv, follow = {}) => await stage.attempt(argv, { ...follow, signal }),
  }
  const ended = new Promise<Treated>(resolve => {
    signal.addEventListener('abort', () => resolve({ why: 'It was not over in time.' }), { once: true })
  })
  try {
    return await Promise.race([ended, trouble.remedy(scene).then(done => ({ done }))])
  } catch (error) {
    return { why: explainFailure(error).message || 'No reason was given.' }
  }
}

/** The checks of some results, to be made again. Pure. */
export const checksOf = (all: readonly Check[], ids: readonly string[]): Check[] =>
  all.filter(({ id }) => ids.includes(id))
