import type { AnswersSource } from '../answers/file.ts'
import type { Inspection } from '../inspection.ts'
import type { SetupFacts } from '../plan/plan-setup.ts'
import { probeMachine } from '../probe/machine.ts'
import type { Root } from '../root.ts'
import { findEarlier } from './earlier.ts'
import { decideNext, type Next } from './unattended.ts'

/**
 * What the live system does next, by the machine as it is now. What earlier set-ups have left is looked for each time: a
 * disk that comes late may hold a finished one.
 */
export async function decideNow(
  source: AnswersSource | null,
  { root, facts, inspection }: { root: Root; facts: SetupFacts; inspection: Inspection },
): Promise<Next> {
  const machine = await probeMachine(root)
  const earlier = await findEarlier(machine.disks)
  const decide = () => decideNext(source, { ...machine, disks: inspection.known(machine.disks) }, facts, earlier)
  const next = decide()
  // The slow look can only forbid, so it is for what would start by itself: a person sees on the screen what it finds.
  return next.kind === 'go' && (await inspection.inspect(machine.disks)) ? decide() : next
}
