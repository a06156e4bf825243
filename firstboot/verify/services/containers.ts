import { heldBack } from '../../doctor/safety-stop.ts'
import { inspectContainers } from '../../docker/containers.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed } from '../finding.ts'
import { siteOf } from '../site.ts'
import { judgeContainers } from './judge-containers.ts'
import { parseLives } from './parse-lives.ts'

async function look(scene: Scene): Promise<Finding> {
  const { services, attempt, now } = scene
  const names = services.map(({ name }) => name)
  if (names.length === 0) return judgeContainers([], new Map(), new Map(), now())
  const { code, stderr } = await attempt(['docker', 'version', '--format', '{{.Server.Version}}'], { quiet: true })
  if (code !== 0)
    return failed('docker-silent', `Docker does not answer: ${stderr.trim().split('\n')[0] || 'no reason was given'}`)
  const found = await inspectContainers(names, siteOf(scene))
  const inspected = await attempt(['docker', 'container', 'inspect', '--format', '{{json .}}', ...names], {
    quiet: true,
  })
  return judgeContainers(services, found, parseLives(inspected.stdout), now(), heldBack(scene.root))
}

/** Every chosen service runs. */
export const containers: Check = {
  id: 'services-containers',
  section: 'services',
  title: 'Every service runs',
  how: 'Asks Docker for every container that was chosen, and for what its own health check says.',
  seconds: 20,
  run: look,
}
