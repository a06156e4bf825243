import { guardOf, readMemory, stackOf } from '../../changes/wire.ts'
import type { Stack } from '../../wiring/link.ts'
import { openHttp } from '../../wiring/http.ts'
import { inspectWiring } from '../../wiring/wire.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, nothing } from '../finding.ts'
import { explainFailure } from '../../apply/failure.ts'
import { patienceOf } from '../open-stage.ts'
import { siteOf } from '../site.ts'
import { judgeLinks } from './judge-links.ts'

/** What is connected on this machine. Throws a sentence when the keys cannot be read. */
export async function stackOfScene(scene: Scene): Promise<Stack> {
  const { answers, services } = scene
  const names = services.map(({ name }) => name)
  return await stackOf({ services: names, vpn: answers.vpn !== null, domain: answers.domain !== null }, siteOf(scene))
}

const QUESTION_MILLISECONDS = 10_000

async function look(scene: Scene): Promise<Finding> {
  if (scene.services.length === 0) return nothing('No services were chosen.')
  let stack: Stack
  try {
    stack = await stackOfScene(scene)
  } catch (error) {
    return failed('link-no-keys', explainFailure(error).message)
  }
  const memory = await readMemory(siteOf(scene))
  const http = openHttp(QUESTION_MILLISECONDS, patienceOf(scene.root.text('/proc/cpuinfo') ?? ''))
  const found = await inspectWiring(stack, http, memory, scene.signal, guardOf(stack, siteOf(scene)))
  return judgeLinks(found, stack.places, stack.held)
}

/** Everything knows everything that it should. */
export const links: Check = {
  id: 'links-all',
  section: 'links',
  title: 'Services are connected',
  how: 'Asks every program for its settings of the others, with the keys that were made for that, and compares.',
  seconds: 45,
  run: look,
}
