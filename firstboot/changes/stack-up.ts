import { setTimeout as delay } from 'node:timers/promises'
import { writeDurably } from '../apply/durable.ts'
import { ChangeFailure } from '../apply/failure.ts'
import { composeArguments } from '../docker/compose.ts'
import { heldBack } from '../doctor/safety-stop.ts'
import { openRoot } from '../root.ts'
import { type Container, inspectContainers, isUp } from '../docker/containers.ts'
import { type NextStep, nextStep } from '../docker/next-step.ts'
import type { Catalogue, Service } from '../stack/catalogue.ts'
import { gateOf, renderSharedNetwork } from '../stack/compose.ts'
import { defineChange, type Site } from './change.ts'
import { wantedServices } from './installed-catalogue.ts'
import { StackParams } from './stack-params.ts'

// Between two looks at the containers: a moment, and longer where a look takes long, for it keeps them from starting.
const POLL_MILLISECONDS = 1000
const POLL_LOOKS = 2
const SHARED = '/run/mediaserver/shared-network.yaml'

/** Starts the services, and waits until each says that it is healthy, as far as that is its own doing. */
export const stackUp = defineChange<StackParams>({
  id: 'stack-up',
  where: 'target',
  parse: params => StackParams.parse(params),
  async check(_, site) {
    const { services } = await startable(site)
    return (await areUp(services, site)) ? wordsOf(services) : null
  },
  async apply(_, site) {
    const { services, held } = await startable(site)
    const { argv } = await composeArguments(site)
    site.progress('starting the services', 0, services.length)
    const all = [...argv, 'up', '--detach', '--remove-orphans', '--no-build', '--pull=never'] as const
    const up = held ? ([...all, ...namesOf(services)] as const) : all
    const ended = await site.attempt([argv[0], ...up.slice(1)])
    // Only now: what compose itself waits for, and a disk that is slow to make containers, take nothing from their time.
    const late = await waitUntilUp(services, performance.now(), site)
    if (late.length > 0) throw await explain(late, ended.stderr, site)
    // What it gave up on may have come up since.
    if (ended.code === 0 || (await areUp(services, site))) return
    const last = ended.stderr.trim().split('\n').at(-1) ?? ''
    throw new ChangeFailure(`The services could not be started: ${last}`, 'Type "sudo mediaserver apply" to try again.')
  },
})

/** The services that may be started: all that are wanted, but for what the doctor has stopped for safety. */
async function startable(site: Site): Promise<{ readonly services: Catalogue; readonly held: boolean }> {
  const wanted = await wantedServices(site)
  const names = heldBack(openRoot(site.path('/')))
  const services = wanted.filter(({ name }) => !names.has(name))
  return { services, held: services.length < wanted.length }
}

/** Whether every service is up, and made from the present files. */
async function areUp(services: Catalogue, site: Site): Promise<boolean> {
  const containers = await inspectContainers(namesOf(services), site)
  if (!services.every(service => isUp(service, containers.get(service.name)))) return false
  const wanted = await wantedHashes(services, containers, site)
  return services.every(({ name }) => containers.get(name)?.configHash === wanted.get(name))
}

function wordsOf(services: Catalogue): string {
  const parts = (['healthy', 'running'] as const).flatMap(state => {
    const titles = services.filter(({ waitFor }) => waitFor === state).map(({ title }) => title)
    return titles.length === 0 ? [] : [`${titles.join(', ')}: ${state}`]
  })
  return parts.join('; ')
}

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

/** Waits for every service as long as it may take, and starts again what Docker refused; gives those that do not come up. */
async function waitUntilUp(services: Catalogue, started: number, site: Site): Promise<Catalogue> {
  const tries = new Map<string, number>()
  for (;;) {
    const looked = performance.now()
    const containers = await inspectContainers(namesOf(services), site)
    const took = performance.now() - looked
    const seconds = (performance.now() - started) / 1000
    const steps = stepsOf(services, containers, seconds, tries)
    const waiting = services.filter(({ name }) => steps.get(name) !== 'none')
    if (waiting.every(({ name }) => steps.get(name) === 'give-up')) return waiting
    for (const { name } of waiting.filter(each => steps.get(each.name) === 'start')) {
      tries.set(name, (tries.get(name) ?? 0) + 1)
      await site.attempt(['docker', 'start', name])
    }
    const doing = `waiting for ${waiting.map(service => service.title).join(', ')}`
    site.progress(doing, services.length - waiting.length, services.length)
    await delay(Math.max(POLL_MILLISECONDS, POLL_LOOKS * took), undefined, { signal: site.signal })
  }
}

/** The next step for each service by name; each after those that it waits for. Pure. */
function stepsOf(
  services: Catalogue,
  containers: ReadonlyMap<string, Container>,
  seconds: number,
  tries: ReadonlyMap<string, number>,
): ReadonlyMap<string, NextStep> {
  const steps = new Map<string, NextStep>()
  const stepOf = (service: Service): NextStep => {
    const known = steps.get(service.name)
    if (known !== undefined) return known
    const before = services.filter(({ name }) => service.after.includes(name)).map(stepOf)
    const container = containers.get(service.name)
    const step = nextStep({ service, container, before, seconds, tries: tries.get(service.name) ?? 0 })
    steps.set(service.name, step)
    return step
  }
  services.forEach(stepOf)
  return steps
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
