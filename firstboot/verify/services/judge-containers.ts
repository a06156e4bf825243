import type { Container } from '../../docker/containers.ts'
import { isHealthy, isUp } from '../../docker/containers.ts'
import type { Service } from '../../stack/catalogue.ts'
import type { Finding } from '../check.ts'
import { failed, nothing, passed, warned } from '../finding.ts'

/** What is known of one container, besides how it does. */
export interface Life {
  /** How often Docker has started it again after it ended by itself. */
  readonly restarts: number
  /** When it was started, in Unix milliseconds; null when that is not known. */
  readonly since: number | null
}

// Longer than this, a container that still "starts" will not become healthy.
const YOUNG_MILLISECONDS = 15 * 60_000

/**
 * Whether every service that was chosen runs and is healthy. `now` in Unix milliseconds; `held` are those that were stopped
 * for safety. Pure.
 */
export function judgeContainers(
  services: readonly Pick<Service, 'name' | 'title' | 'when' | 'waitFor'>[],
  found: ReadonlyMap<string, Container>,
  lives: ReadonlyMap<string, Life>,
  now: number,
  held: ReadonlySet<string> = new Set(),
): Finding {
  if (services.length === 0) return nothing('No services were chosen.')
  const isYoung = (name: string) => {
    const since = lives.get(name)?.since ?? null
    return since !== null && now - since < YOUNG_MILLISECONDS
  }
  const rows = services.map(service => ({
    title: titleOf(service),
    ...stateOf(service, found.get(service.name), {
      isYoung: isYoung(service.name),
      life: lives.get(service.name),
      isHeld: held.has(service.name),
    }),
  }))
  const detail = rows.map(({ title, words }) => `${title}: ${words}`)
  // What can be mended comes first.
  const sick = rows.filter(({ trouble }) => trouble !== null)
  const bad = sick.find(({ trouble }) => trouble !== 'service-held') ?? sick[0]
  if (bad?.trouble != null) {
    const others = sick.length - 1
    const more = others === 0 ? '' : `, and ${others} more ${others === 1 ? 'is' : 'are'} not well`
    return failed(bad.trouble, `${bad.title} ${bad.words}${more}.`, detail)
  }
  const young = rows.filter(({ starts }) => starts)
  if (young.length > 0)
    return warned('service-starting', `${young.map(({ title }) => title).join(', ')} still starting.`, detail)
  const unhappy = rows.find(({ restless }) => restless)
  if (unhappy !== undefined) return warned('service-restarts', `${unhappy.title} ${unhappy.words}.`, detail)
  const outside = rows.filter(({ depends }) => depends)
  if (outside.length > 0) {
    const names = outside.map(({ title }) => title).join(', ')
    return passed(`All ${services.length} run; the health of ${names} depends on the world outside.`, detail)
  }
  return passed(`All ${services.length} run and are healthy: ${services.map(({ title }) => title).join(', ')}.`, detail)
}

/** The name that people know, and the container's where that is another one. */
const titleOf = ({ title, name }: Pick<Service, 'name' | 'title'>): string =>
  title.toLowerCase() === name ? title : `${title} (${name})`

interface State {
  readonly words: string
  readonly trouble: string | null
  readonly starts: boolean
  readonly restless: boolean
  /** It runs, and is not content with the world outside. */
  readonly depends: boolean
}

function stateOf(
  service: Pick<Service, 'when' | 'waitFor'>,
  container: Container | undefined,
  { isYoung, life, isHeld }: { readonly isYoung: boolean; readonly life: Life | undefined; readonly isHeld: boolean },
): State {
  const state = (words: string, trouble: string | null = null): State => ({
    words,
    trouble,
    starts: false,
    restless: false,
    depends: false,
  })
  if (isHeld && container?.status !== 'running') return state('was stopped for safety', 'service-held')
  if (container === undefined) return state('is not there', 'service-missing')
  const { status, health, error } = container
  const ofTunnel = service.when === 'vpn'
  if (status === 'restarting') return state('ends again and again as soon as it starts', 'service-restarting')
  if (status !== 'running')
    return state(
      `does not run (${status}${error === '' ? '' : `: ${error}`})`,
      ofTunnel ? 'service-vpn-stopped' : 'service-stopped',
    )
  if (isHealthy(container)) {
    const restarts = life?.restarts ?? 0
    // It counts from when it was made; while it is young, something is the matter right now.
    if (restarts > 0 && isYoung)
      return { ...state(`runs, but had to be started again ${restarts} times`), restless: true }
    return state(health === null ? 'runs' : 'runs and is healthy')
  }
  if (isUp(service, container))
    return { ...state(`runs; its health (${health}) depends on the world outside`), depends: true }
  if (health === 'starting' && isYoung) return { ...state('is starting'), starts: true }
  return state(`runs, but does not do its work (${health})`, ofTunnel ? 'service-vpn-sick' : 'service-unhealthy')
}
