import type { Reply } from '../../plex/ask.ts'
import { placesOf, type ServiceName } from '../../wiring/services.ts'

/** A page of a service, and how it is known that the right program is behind it. */
export interface Page {
  readonly service: Exclude<ServiceName, 'plex'>
  readonly path: string
  /** Why what was answered is not the page that should be there, in a few words; null when it is. */
  readonly fault: (reply: Exclude<Reply, { unreachable: string }>) => string | null
  /** Whether it lets nobody in without a password. */
  readonly asksLogin?: true
}

type Fault = Page['fault']

const saysOk: Fault = ({ status, text }) => {
  if (status !== 200) return `it answers with code ${status}`
  return (parsed(text) as { status?: unknown } | null)?.status === 'OK' ? null : 'something else answers there'
}

const saysVersion: Fault = ({ status, text }) => {
  if (status !== 200) return `it answers with code ${status}`
  return typeof (parsed(text) as { version?: unknown } | null)?.version === 'string'
    ? null
    : 'something else answers there'
}

const isQbittorrent: Fault = ({ status, text }) => {
  if (status !== 200) return `it answers with code ${status}`
  return /qbittorrent/i.test(text) ? null : 'something else answers there'
}

/** Nobody gets in without a login: the page itself must send to one. */
const sendsToLogin: Fault = ({ status }) => {
  if (status === 401 || (status >= 300 && status < 400)) return null
  return status === 200 ? 'it lets anybody in without a password' : `it answers with code ${status}`
}

/**
 * Bazarr shows its page to everybody, and gives the key of its interface along only to who may do everything. Where nobody
 * has to log in, that is everybody.
 */
const keepsItsKey: Fault = reply => {
  if (reply.status !== 200) return sendsToLogin(reply)
  return /"apiKey"\s*:/.test(reply.text) ? 'it lets anybody in without a password' : null
}

const ready = (service: Page['service'], fault: Fault): Page => ({ service, path: placesOf[service].ready, fault })
const guarded = (service: Page['service'], fault: Fault = sendsToLogin): Page => ({
  service,
  path: '/',
  fault,
  asksLogin: true,
})

/** Every page that is tried; those of services that a machine does not have are left out. */
export const pages: readonly Page[] = [
  ready('sonarr', saysOk),
  guarded('sonarr'),
  ready('radarr', saysOk),
  guarded('radarr'),
  ready('prowlarr', saysOk),
  guarded('prowlarr'),
  ready('bazarr', saysOk),
  guarded('bazarr', keepsItsKey),
  ready('jellyseerr', saysVersion),
  ready('qbittorrent', isQbittorrent),
]

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
