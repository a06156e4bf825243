import * as z from 'zod/mini'
import type { Site } from '../changes/change.ts'
import type { Service } from '../stack/catalogue.ts'

// What `docker container inspect` prints, as far as it is used.
const Inspected = z.array(
  z.object({
    Id: z.string(),
    Name: z.string(),
    State: z.object({
      Status: z.string(),
      Error: z.string(),
      Health: z.optional(z.object({ Status: z.string() })),
    }),
    Config: z.object({ Labels: z.nullable(z.record(z.string(), z.string())) }),
  }),
)

/** How one container does. */
export interface Container {
  /** As Docker itself calls it. */
  readonly id: string
  readonly name: string
  /** `created`, `running`, `restarting`, `exited`, ... */
  readonly status: string
  /** `starting`, `healthy` or `unhealthy`; null without a health check. */
  readonly health: string | null
  /** Why it could not be started; mostly empty. */
  readonly error: string
  /** What compose made it from; empty for one that it did not make. */
  readonly configHash: string
}

/** Containers from the text of `docker container inspect`. Pure. */
export const parseContainers = (text: string): Container[] =>
  Inspected.parse(JSON.parse(text)).map(({ Id, Name, State, Config }) => ({
    id: Id,
    name: Name.replace(/^\//, ''),
    status: State.Status,
    health: State.Health?.Status ?? null,
    error: State.Error,
    configHash: Config.Labels?.['com.docker.compose.config-hash'] ?? '',
  }))

/** How containers do, by name; those that are not there are left out. */
export async function inspectContainers(names: readonly string[], site: Site): Promise<ReadonlyMap<string, Container>> {
  // It fails when one is missing, and tells of all others nevertheless.
  const { stdout } = await site.attempt(['docker', 'container', 'inspect', '--format', '{{json .}}', ...names], {
    quiet: true,
  })
  const objects = stdout.split('\n').filter(line => line.startsWith('{'))
  return new Map(parseContainers(`[${objects.join(',')}]`).map(container => [container.name, container]))
}

/** Whether a service is up, as its catalogue says: one whose health depends on the world outside only has to run. */
export const isUp = ({ waitFor }: Pick<Service, 'waitFor'>, container: Container | undefined): boolean =>
  waitFor === 'running' ? container?.status === 'running' : isHealthy(container)

/** Whether a container does what it is there for. */
export const isHealthy = (container: Container | undefined): boolean =>
  container?.status === 'running' && (container.health === 'healthy' || container.health === null)
