import { parseArgs } from 'node:util'
import { places } from '../places.ts'
import { findBase, loadRecipe } from '../recipe/load.ts'
import { UserError } from '../shared/errors.ts'
import { run } from '../shared/run.ts'
import type { Requirements } from './decide.mjs'
import { evaluate, type Diagnosis } from './evaluate.ts'
import { readFacts } from './facts.ts'
import requirementsJson from './requirements.json' with { type: 'json' }

/** What the builder needs of a machine; the same data that `setup.mjs` reads. */
export const requirements: Requirements = requirementsJson

const SIGNS = { ok: ' ok ', note: 'note', fault: 'LACK' } as const

/** The diagnosis as lines for people. */
export function renderDiagnosis({ findings, command }: Diagnosis): string[] {
  const lines = findings.flatMap(({ level, text, mend }) => [
    `[${SIGNS[level]}] ${text}`,
    ...(mend === undefined ? [] : [`       ${mend}`]),
  ])
  if (command !== undefined) lines.push('', 'Install all that is missing with:', `  ${command}`)
  const faults = findings.filter(each => each.level === 'fault').length
  lines.push(
    '',
    faults === 0
      ? 'This machine can build images.'
      : `${faults} ${faults === 1 ? 'thing stops' : 'things stop'} builds on this machine.`,
  )
  return lines
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { base: { type: 'string' }, mirror: { type: 'string' } } }).values
  } catch (error) {
    throw new UserError((error as Error).message, 'Options: --base B, --mirror URL')
  }
}

/** The command `doctor`: 0 when the machine can build images, 2 when something is missing. */
export async function doctor(args: readonly string[], _signal?: AbortSignal): Promise<number> {
  const options = readOptions(args)
  const { project, store } = places()
  const recipe = await loadRecipe(project)
  const wanted = findBase(recipe, options.base)
  const mirror = options.mirror ?? process.env['MEDIASERVER_MIRROR']
  // A mirror serves one family: with one, only the wanted base is looked at.
  const bases = mirror === undefined || mirror === '' ? Object.values(recipe.bases) : [wanted]
  const facts = await readFacts({ run, requirements, bases, store, mirror: mirror === '' ? undefined : mirror })
  const diagnosis = evaluate(facts, requirements, wanted.id, options.base !== undefined)
  process.stdout.write(`${renderDiagnosis(diagnosis).join('\n')}\n`)
  return diagnosis.findings.some(each => each.level === 'fault') ? 2 : 0
}
