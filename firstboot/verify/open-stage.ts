import { answersFromJson } from '../answers/json.ts'
import { answersPath, firstBootPath } from '../apply/places.ts'
import { openHttps } from '../live-checks/https.ts'
import { ask } from '../plex/ask.ts'
import type { Root } from '../root.ts'
import { runLong } from '../run.ts'
import { type Catalogue, cataloguePath } from '../stack/catalogue.ts'
import { chosenServices } from '../stack/choose.ts'
import { parseCatalogue } from '../stack/parse-catalogue.ts'
import type { Stage } from './run-checks.ts'

// An emulated processor, as the tests use it, is ten times slower than a real one.
const EMULATED_PATIENCE = 10

/** How many times longer than on real hardware anything may take, by the text of `/proc/cpuinfo`. Pure. */
export const patienceOf = (cpuinfo: string): number => (/QEMU TCG CPU/.test(cpuinfo) ? EMULATED_PATIENCE : 1)

/** All that the checks of this machine may use; or, in a sentence, why it cannot be verified. */
export function openStage(root: Root): Stage | { readonly fault: string } {
  const text = root.text(answersPath)
  if (text === null) {
    if (root.prefix === '' && process.getuid?.() !== 0)
      return { fault: 'Only root can look everywhere: put "sudo" before it.' }
    return { fault: 'This machine has not been set up yet, so there is nothing to verify.' }
  }
  if (root.text(firstBootPath) !== null)
    return { fault: 'This machine is still being set up. It is verified by itself when that is done.' }
  try {
    const answers = answersFromJson(text)
    const catalogue = readCatalogue(root)
    if (catalogue === null)
      return {
        fault:
          'The list of the services is missing or damaged. Set the machine up again from the stick; films can be kept.',
      }
    return {
      root,
      answers,
      services: chosenServices(catalogue, answers),
      get: openHttps(root),
      ask,
      attempt: async ([program, ...args], follow) => await runLong(program, args, follow),
      now: () => Date.now(),
      patience: patienceOf(root.text('/proc/cpuinfo') ?? ''),
    }
  } catch (error) {
    return {
      fault: `What this machine should be cannot be read: ${(error as Error).message} "sudo mediaserver apply" may mend it.`,
    }
  }
}

function readCatalogue(root: Root): Catalogue | null {
  try {
    return parseCatalogue(root.text(cataloguePath) ?? '')
  } catch {
    return null
  }
}
