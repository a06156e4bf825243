import { canonicalJson, sha256 } from '../shared/hash.ts'
import type { StepDraft } from './types.ts'

/** The name of each part of a step that its key is made from, with the part's digest. Used to say what changed. */
export function keyParts(step: StepDraft, keyOf: (id: string) => string): Record<string, string> {
  const parts: Record<string, string> = { 'the step itself': sha256(`${step.id} ${step.version}`) }
  for (const [name, value] of Object.entries(step.params)) parts[`setting ${name}`] = sha256(canonicalJson(value))
  for (const [name, digest] of Object.entries(step.inputs)) parts[name] = digest
  for (const [name, version] of Object.entries(step.tools)) parts[`program ${name}`] = sha256(version)
  for (const id of step.needs) parts[`step ${id}`] = keyOf(id)
  return parts
}

/** The content key of a step: equal keys mean equal bytes. Holds no time and no path of the build machine. */
export function stepKey(parts: Readonly<Record<string, string>>): string {
  return sha256(canonicalJson(parts))
}
