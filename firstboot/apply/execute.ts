import type { Change, Site } from '../changes/change.ts'
import type { Plan, PlannedChange } from '../plan/plan.ts'
import type { ApplyEvent } from './events.ts'
import { ChangeFailure, explainFailure } from './failure.ts'

type Told = ApplyEvent extends infer E ? (E extends { at: number } ? Omit<E, 'at'> : never) : never

/** What an execution needs of the world. */
export interface Ports {
  readonly changes: ReadonlyMap<string, Change>
  readonly site: (planned: PlannedChange) => Site
  /** Mounts the system that is set up; done once, before the first change inside it. */
  readonly openTarget: () => Promise<void>
  /** The changes that an earlier run of this very plan has made. */
  readonly made: ReadonlySet<string>
  /** Returns when everything that was written so far is safe on its disk. */
  readonly settle: () => Promise<void>
  /** Returns when a milestone is safe on a disk. */
  readonly tell: (event: Told) => Promise<void>
}

/**
 * Makes every change of a plan that is not made yet, one after the other; stops at the first that fails and gives false.
 * Each change is asked first: what was done but not written down, because the power failed between the two, is not done twice.
 */
export async function executePlan(plan: Plan, ports: Ports): Promise<boolean> {
  const { tell } = ports
  await tell({
    type: 'begun',
    planHash: plan.hash,
    mode: plan.mode,
    changes: plan.changes.map(({ id, title, weight }) => ({ id, title, weight })),
  })
  let opened = false
  for (const [index, planned] of plan.changes.entries()) {
    try {
      const change = find(ports.changes, planned.id)
      if (change.where === 'target' && !opened) {
        await ports.openTarget()
        opened = true
      }
      const site = ports.site(planned)
      const params = change.parse(planned.params)
      const already = await change.check(params, site)
      if (already !== null) {
        await tell({ type: 'found-done', id: planned.id, evidence: already })
        continue
      }
      refuseToDestroyTwice(plan, index, ports.made)
      await tell({ type: 'started', id: planned.id })
      await change.apply(params, site)
      const evidence = await (change.verify ?? change.check)(params, site)
      if (evidence === null)
        throw new ChangeFailure(`"${planned.title}" was done, but a look afterwards does not find it.`)
      // What is told as done must not be lost with the power; programs that were run seldom wait for the disk themselves.
      await ports.settle()
      await tell({ type: 'done', id: planned.id, evidence })
    } catch (error) {
      await tell({ type: 'failed', id: planned.id, ...explainFailure(error) })
      return false
    }
  }
  await tell({ type: 'finished' })
  return true
}

function find(changes: ReadonlyMap<string, Change>, id: string): Change {
  const change = changes.get(id)
  if (change === undefined)
    throw new ChangeFailure(`This version does not know the step "${id}".`, 'Use the stick that the set-up began with.')
  return change
}

// What lies behind a destroying change is lost with it: once later changes are made it never runs again by itself.
function refuseToDestroyTwice(plan: Plan, index: number, made: ReadonlySet<string>): void {
  const destroys = plan.changes[index]?.destroys ?? []
  const later = plan.changes.slice(index + 1).find(change => made.has(change.id))
  if (destroys.length === 0 || later === undefined) return
  throw new ChangeFailure(
    'A disk is not as this set-up left it, and going on would erase what is on it now.',
    'Start the set-up from the beginning, and agree to the disks again.',
  )
}
