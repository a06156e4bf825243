import type { Answered } from './server.ts'

/** One failure as FluentValidation tells it, which Sonarr and its kin are built with. */
export interface Failure {
  readonly propertyName: string
  readonly errorMessage: string
  readonly isWarning?: boolean
}

/** 400 with the failures. */
export const invalid = (failures: readonly Failure[]): Answered => ({
  status: 400,
  json: failures.map(({ propertyName, errorMessage, isWarning = false }) => ({
    isWarning,
    propertyName,
    errorMessage,
    severity: isWarning ? 'warning' : 'error',
  })),
})

/** 400 as ASP.NET tells that a body cannot be read. */
export const malformed = (path: string, why: string): Answered => ({
  status: 400,
  json: {
    type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
    title: 'One or more validation errors occurred.',
    status: 400,
    errors: { [path]: [why] },
  },
})

/**
 * Takes the members of a body that a resource has, by the types of `shape`; what else is in it is thrown away, as the real
 * programs do. Gives the place of the first member of a wrong type instead.
 */
export function bind<T extends Record<string, unknown>>(body: unknown, shape: T): { value: T } | { wrong: string } {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return { wrong: '$' }
  const value: Record<string, unknown> = { ...shape }
  for (const [name, given] of Object.entries(body)) {
    const known = Object.keys(shape).find(each => each.toLowerCase() === name.toLowerCase())
    if (known === undefined) continue
    const wanted = shape[known]
    if (given === null && (typeof wanted === 'string' || wanted === null || typeof wanted === 'object'))
      value[known] = typeof wanted === 'string' ? '' : given
    else if (wanted !== null && (typeof wanted !== typeof given || Array.isArray(wanted) !== Array.isArray(given)))
      return { wrong: `$.${name}` }
    else value[known] = given
  }
  return { value: value as T }
}
