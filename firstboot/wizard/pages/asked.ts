import type { KnownSoFar, Machine } from '../../machine.ts'
import type { Checks } from '../checks.ts'
import type { Form } from '../form.ts'
import type { Rules } from '../rules.ts'
import type { World } from '../state.ts'

/** What a page depends on. */
export interface Asked {
  readonly form: Form
  readonly known: KnownSoFar
  readonly rules: Rules
  readonly lists: World['lists']
  readonly checks: Checks
  /** SSH keys of the file on the stick. */
  readonly fileKeys: readonly string[]
}

/** The machine once everything about it is known, else null. */
export function wholeMachine(known: KnownSoFar): Machine | null {
  const needed = ['role', 'cpu', 'memoryBytes', 'firmware', 'secureBoot', 'graphics', 'network', 'disks'] as const
  if (needed.some(name => known[name] === undefined)) return null
  return { intelGraphicsReason: null, problems: [], ...known } as Machine
}
