import { request } from 'node:http'
import * as z from 'zod/mini'
import type { Catalogue } from '../stack/catalogue.ts'
import type { ServicePage } from './links.ts'
import type { Service, ServiceState } from './services.ts'

// https://docs.docker.com/reference/api/engine/, ContainerList.
const Listed = z.array(z.looseObject({ Names: z.array(z.string()), State: z.string(), Status: z.string() }))

const SOCKET = '/run/docker.sock'
const LABEL = encodeURIComponent(JSON.stringify({ label: ['com.docker.compose.project=mediaserver'] }))

/**
 * What Docker lists of the stack, as text; null when it does not answer within `patience` milliseconds. It is asked
 * directly, since its own program takes longer to start than a person waits for a screen.
 */
export function listContainers(patience: number): Promise<string | null> {
  return new Promise(resolve => {
    const path = `/containers/json?all=1&filters=${LABEL}`
    const ask = request({ socketPath: SOCKET, path, signal: AbortSignal.timeout(patience) }, response => {
      let text = ''
      response
        .setEncoding('utf8')
        .on('data', (part: string) => (text += part))
        .on('end', () => resolve(response.statusCode === 200 ? text : null))
        .on('error', () => resolve(null))
    })
    ask.on('error', () => resolve(null)).end()
  })
}

/** The services of a stack, and the pages that people open in a browser. */
export interface StackStatus {
  readonly services: readonly Service[]
  readonly pages: readonly ServicePage[]
}

/** What of the catalogue has a container, from the text of Docker's list; null when that makes no sense. Pure. */
export function parseStack(text: string, catalogue: Catalogue): StackStatus | null {
  const listed = Listed.safeParse(parsed(text))
  if (!listed.success) return null
  const present = catalogue.flatMap(service => {
    const found = listed.data.find(({ Names }) => Names.includes(`/${service.name}`))
    return found === undefined ? [] : [{ service, state: stateOf(found, service) }]
  })
  return {
    services: present.map(({ service: { name, title }, state }) => ({
      name: title,
      state,
      look: `sudo docker logs ${name}`,
    })),
    pages: present.flatMap(({ service }) => pageOf(service)),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function stateOf({ State, Status }: { State: string; Status: string }, { waitFor }: Catalogue[number]): ServiceState {
  if (State === 'running') {
    if (waitFor === 'running') return 'running'
    if (Status.includes('(health: starting)')) return 'starting'
    return Status.includes('(unhealthy)') ? 'failed' : 'running'
  }
  // Compose has made it, and starts it when those that it needs are healthy.
  if (State === 'created') return 'starting'
  return State === 'paused' ? 'off' : 'failed'
}

// What only this machine itself may open is no page for people.
function pageOf({ title, ports }: Catalogue[number]): ServicePage[] {
  const page = ports.find(({ protocol, reach }) => protocol === 'tcp' && reach === 'lan')
  return page === undefined ? [] : [{ name: title, port: page.port, path: '' }]
}
