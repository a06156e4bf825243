import { request } from 'node:http'
import * as z from 'zod/mini'
import type { Catalogue } from '../stack/catalogue.ts'
import type { ServicePage } from './links.ts'
import type { ServiceState } from './services.ts'

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

/** One service of the stack, as people call it. */
export interface StackService {
  readonly name: string
  /** As Docker calls it. */
  readonly container: string
  readonly state: ServiceState
}

/** The services of the catalogue that have a container, from the text of Docker's list; null when it makes no sense. Pure. */
export function parseStack(text: string, catalogue: Catalogue): StackService[] | null {
  try {
    const listed = Listed.parse(JSON.parse(text))
    return catalogue.flatMap(({ name, title }) => {
      const found = listed.find(({ Names }) => Names.includes(`/${name}`))
      return found === undefined ? [] : [{ name: title, container: name, state: stateOf(found) }]
    })
  } catch {
    return null
  }
}

function stateOf({ State, Status }: { State: string; Status: string }): ServiceState {
  if (State === 'running') {
    if (Status.includes('(health: starting)')) return 'starting'
    return Status.includes('(unhealthy)') ? 'failed' : 'running'
  }
  // Compose has made it, and starts it when those that it needs are healthy.
  if (State === 'created') return 'starting'
  return State === 'paused' ? 'off' : 'failed'
}

const PLEX: ServicePage = { name: 'Plex', port: 32_400, path: '/web' }

/** The pages that people open in a browser: Plex, and what the stack shows to the local network. Pure. */
export function pagesOf(services: readonly StackService[], catalogue: Catalogue): ServicePage[] {
  const shown = services.flatMap(({ name, container }): ServicePage[] => {
    const ports = catalogue.find(each => each.name === container)?.ports ?? []
    const page = ports.find(({ protocol, reach }) => protocol === 'tcp' && reach === 'lan')
    return page === undefined ? [] : [{ name, port: page.port, path: '' }]
  })
  return [PLEX, ...shown]
}
