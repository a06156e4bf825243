import { setTimeout as delay } from 'node:timers/promises'
import { writeDurably } from '../apply/durable.ts'
import { ChangeFailure } from '../apply/failure.ts'
import { composeArguments } from '../docker/compose.ts'
import { type Container, inspectContainers, isHealthy } from '../docker/containers.ts'
import type { Catalogue, Service } from '../stack/catalogue.ts'
import { gateOf, renderSharedNetwork } from '../stack/compose.ts'
import { defineChange, type Site } from './change.ts'
import { wantedServices } from './installed-catalogue.ts'
import { StackParams } from './stack-params.ts'

const POLL_MILLISECONDS = 1000
const SHARED = '/run/mediaserver/shared-network.yaml'

/** Starts the services, and waits until each says that it is healthy. */
export const stackUp = defineChange<StackParams>({
  id: 'stack-up',
  where: 'target',
  parse: params => StackParams.parse(params),
  async check(_, site) {
    const services = await wantedServices(site)
    const containers = await inspectContainers(namesOf(services), site)
    if (!services.every(({ name }) => isHealthy(containers.get(name)))) return null
    const wanted = await wantedHashes(services, containers, site)
    const current = services.every(({ name }) => containers.get(name)?.configHash === wanted.get(name))
    return current ? `${services.map(service => service.title).join(', ')}: healthy` : null
  },
  async apply(_, site) {
    const services = await wantedServices(site)
    const { argv } = await composeArguments(site)
    site.progress('starting the services', 0, services.length)
    const started = performance.now()
    const up = [...argv, 'up', '--detach', '--remove-orphans', '--no-build', '--pull=never'] as const
    const ended = await site.attempt([argv[0], ...up.slice(1)])
    const late = await waitUntilHealthy(services, started, site)
    if (late.length > 0) throw await explain(late, ended.stderr, site)
    if (ended.code === 0) return
    const last = ended.stderr.trim().split('\n').at(-1) ?? ''
    throw new ChangeFailure(`The services could not be started: ${last}`, 'Type "sudo mediaserver apply" to try again.')
  },
})

const namesOf = (services: Catalogue): string[] => services.map(service => service.name)

/** What compose would make each container from now, by service. */
async function wantedHashes(
  services: Catalogue,
  containers: ReadonlyMap<string, Container>,
  site: Site,
): Promise<ReadonlyMap<string, string>> {
  const { argv } = await composeArguments(site)
  const shared = renderSharedNetwork(services, containers.get(gateOf(services) ?? '')?.id ?? '')
  if (shared !== '') await writeDurably(site.path(SHARED), shared, { mode: 0o600 })
  const files = shared === '' ? [] : [`--file=${site.path(SHARED)}`]
  const text = await site.run([...argv, ...files, 'config', '--hash', '*'], { quiet: true })
  return new Map(
    text.split('\n').flatMap(line => {
      const [name, hash] = line.trim().split(/\s+/)
      return name === undefined || hash === undefined ? [] : [[name, hash] as const]
    }),
  )
}

/** Waits for every service as long as it may take; gives those that did not get healthy. */
async function waitUntilHealthy(services: Catalogue, started: number, site: Site): Promise<Catalogue> {
  for (;;) {
    const containers = await inspectContainers(namesOf(services), site)
    const waiting = services.filter(({ name }) => !isHealthy(containers.get(name)))
    if (waiting.length === 0) return []
    const seconds = (performance.now() - started) / 1000
    if (waiting.every(service => isLate(service, containers.get(service.name), seconds))) return waiting
    const doing = `waiting for ${waiting.map(service => service.title).join(', ')}`
    site.progress(doing, services.length - waiting.length, services.length)
    await delay(POLL_MILLISECONDS, undefined, { signal: site.signal })
  }
}

// One that could not even be started, for instance because its folder is missing, does not get better by waiting.
function isLate({ patience }: Service, container: Container | undefined, seconds: number): boolean {
  if (container === undefined) return true
  if (container.error !== '' || container.status === 'created') return true
  return container.health === 'unhealthy' || seconds > patience
}

/** One sentence for each reason, with all services that it holds for. */
async function explain(late: Catalogue, composeWords: string, site: Site): Promise<ChangeFailure> {
  const containers = await inspectContainers(namesOf(late), site)
  const reasons = new Map<string, string[]>()
  for (const service of late) {
    const before = late.find(other => service.after.includes(other.name))
    const reason =
      before === undefined
        ? await reasonFor(service, containers.get(service.name), composeWords, site)
        : `waits for ${before.title}.`
    reasons.set(reason, [...(reasons.get(reason) ?? []), service.title])
  }
  const first = late.find(service => !late.some(other => service.after.includes(other.name)))
  return new ChangeFailure(
    [...reasons].map(([reason, titles]) => `${titles.join(', ')}: ${reason}`).join('\n'),
    `Type "sudo docker logs ${first?.name ?? ''}" to see more, and "sudo mediaserver apply" to try again.`,
  )
}

async function reasonFor(
  { name, volumes }: Service,
  container: Container | undefined,
  composeWords: string,
  site: Site,
): Promise<string> {
  const films = volumes.some(({ from }) => !/^(config|downloads)(\/|$)/.test(from))
  const words = container === undefined ? composeWords : container.error
  if (films && /bind source path does not exist|no such file or directory/i.test(words))
    return 'not started, because the disk with the films is not there.'
  if (words.trim() !== '') return `could not be started: ${words.trim().split('\n').at(-1) ?? ''}`
  const logs = await site.attempt(['docker', 'logs', '--tail', '3', name])
  const last = [logs.stdout, logs.stderr]
    .join('\n')
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(-3)
  const said = last.length === 0 ? 'It says nothing.' : `Its last words: ${last.join(' / ')}`
  return `does not get healthy. ${said}`
}
