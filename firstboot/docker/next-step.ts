import type { Service } from '../stack/catalogue.ts'
import { type Container, isUp } from './containers.ts'

/** What is to be done about a service that was told to start. `give-up`: it does not get better by waiting. */
export type NextStep = 'none' | 'wait' | 'start' | 'give-up'

/** What is known of it. */
export interface Starting {
  readonly service: Pick<Service, 'patience' | 'waitFor'>
  readonly container: Container | undefined
  /** How those do that must be up before it. */
  readonly before: readonly NextStep[]
  /** Since everything was told to start. */
  readonly seconds: number
  /** How often it was started again. */
  readonly tries: number
}

const MOST_TRIES = 3

// Docker refuses to start what shares the network of a container that is not there, or does not run yet.
const NETWORK_AWAY = /network (namespace )?of|no such container/i

/**
 * Decides about a service that starts. Docker does not try again by itself to start one that it has refused, and compose gives
 * up on those that wait for another: so they are started again once that is up. Pure.
 */
export function nextStep({ service, container, before, seconds, tries }: Starting): NextStep {
  if (isUp(service, container)) return 'none'
  if (container === undefined || seconds > service.patience || before.includes('give-up')) return 'give-up'
  const { status, error, health } = container
  if (status !== 'created' && status !== 'exited') return health === 'unhealthy' ? 'give-up' : 'wait'
  // What else Docker says, as that a folder is missing, it will say again.
  if (error !== '' && !NETWORK_AWAY.test(error)) return 'give-up'
  if (before.some(step => step !== 'none')) return 'wait'
  return tries < MOST_TRIES ? 'start' : 'give-up'
}
