import type { BuildInputs } from './plan-build.ts'
import type { Plan } from './types.ts'

/** The text of the file beside an image that says what it was made from. */
export function renderManifest(plan: Plan, { flavour, sources }: Pick<BuildInputs, 'flavour' | 'sources'>): string {
  const { name, base, plex } = plan
  const steps = plan.steps.map(({ id, key, tools }) => ({ id, key, tools }))
  return `${JSON.stringify({ name, base, flavour, sources, plex, steps }, null, 2)}\n`
}
