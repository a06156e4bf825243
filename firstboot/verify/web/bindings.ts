import type { Reach, Service } from '../../stack/catalogue.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, nothing, passed } from '../finding.ts'
import { dockerArguments, parsePublished, type Published } from '../security/parse-sockets.ts'
import { localAddress } from './local-address.ts'

/** Addresses that Docker may open a port on, by how far it may be reached. */
const ALLOWED: Readonly<Record<Reach, readonly string[]>> = {
  host: ['127.0.0.1'],
  lan: ['0.0.0.0'],
  wan: ['0.0.0.0', '::'],
}
const REACH: Readonly<Record<Reach, string>> = {
  host: 'this machine alone',
  lan: 'the local network alone',
  wan: 'everybody',
}

/** A page that must not answer at the local network's address, and whether it did. */
export interface Hidden {
  readonly port: number
  readonly url: string
  readonly answered: boolean
}

/** Whether Docker opens every port as far as it was set up, and none besides. Pure. */
export function judgeBindings(
  services: readonly Pick<Service, 'name' | 'ports'>[],
  published: readonly Published[],
  hidden: readonly Hidden[],
): Finding {
  const wanted = services.flatMap(({ ports }) => ports)
  if (wanted.length === 0) return nothing('No service with a port was chosen.')
  const own = new Set(services.map(({ name }) => name))
  const detail = published.map(
    ({ container, address, first, last, protocol }) =>
      `${container}: ${address}:${first === last ? first : `${first}-${last}`}/${protocol}`,
  )
  for (const { container, address, first, last, protocol } of published.filter(each => own.has(each.container)))
    for (let port = first; port <= last; port += 1) {
      const known = wanted.find(each => each.port === port && each.protocol === protocol)
      if (known === undefined)
        return failed('web-published', `Port ${port} of ${container} was opened, and should not be.`, detail)
      if (!ALLOWED[known.reach].includes(address))
        return failed('web-published', `Port ${port} is open at ${address}, and is for ${REACH[known.reach]}.`, detail)
    }
  const answered = hidden.find(each => each.answered)
  if (answered !== undefined)
    return failed('web-published', `${answered.url} answers, and is for this machine alone.`, detail)
  const closed = wanted.filter(
    ({ port, protocol }) =>
      !published.some(each => each.protocol === protocol && each.first <= port && port <= each.last),
  )
  if (closed.length > 0)
    return failed('web-not-published', `Nobody can reach port ${closed.map(({ port }) => port).join(', ')}.`, detail)
  const tell = (reach: Reach) => {
    const ports = [...new Set(wanted.filter(each => each.reach === reach).map(({ port }) => port))]
    return ports.length === 0 ? [] : [`${ports.join(', ')} for ${REACH[reach]}`]
  }
  return passed(
    `Ports are open as far as they should be: ${(['host', 'lan', 'wan'] as const).flatMap(tell).join('; ')}.`,
    detail,
  )
}

async function look(scene: Scene): Promise<Finding> {
  const { services, attempt, ask } = scene
  const { code, stdout } = await attempt(dockerArguments, { quiet: true })
  if (code !== 0) return failed('docker-silent', 'Docker does not say which ports it has opened.')
  const own = await localAddress(scene)
  const ports = services.flatMap(each =>
    each.ports.filter(({ reach, protocol }) => reach === 'host' && protocol === 'tcp'),
  )
  const hidden = own === null ? [] : ports.map(({ port }) => ({ port, url: `http://${own}:${port}/` }))
  const asked = hidden.map(async ({ port, url }): Promise<Hidden> => {
    const reply = await ask({ method: 'GET', url, timeoutMs: 5_000 })
    return { port, url, answered: !('unreachable' in reply) }
  })
  return judgeBindings(services, parsePublished(stdout), await Promise.all(asked))
}

/** Pages open for those who may see them, and for nobody else. */
export const bindings: Check = {
  id: 'web-ports',
  section: 'web interfaces',
  title: 'Pages open only where they should',
  how: 'Compares the ports that Docker opens with those that were set up, and tries those that must stay shut.',
  seconds: 20,
  run: look,
}
