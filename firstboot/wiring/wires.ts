import type { Secret } from '../answers/secret.ts'
import { openApi } from './api.ts'
import type { Http } from './http.ts'
import type { Stack, Wires } from './link.ts'
import type { Memory } from './memory.ts'
import { type LoginGuard, unguarded } from './refused-login.ts'
import type { ServiceName } from './services.ts'

const READY_MILLISECONDS = 5_000

/** Why a program is not up, in a few words; null when it is. */
export type Readiness = (service: ServiceName) => Promise<string | null>

/** Opens what links work with. */
export function openWires(
  stack: Stack,
  http: Http,
  memory: Memory,
  signal: AbortSignal,
  guard: LoginGuard = unguarded,
): Wires & { readiness: Readiness } {
  const secrets = secretsOf(stack)
  const redact = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret.reveal(), '[redacted]'), text)
  const readiness: Readiness = async service => {
    const { url, ready, host } = stack.places[service]
    const headers = host === undefined ? {} : { host }
    const answer = await http(
      { method: 'GET', url: `${url}${ready}`, headers, deadlineMilliseconds: READY_MILLISECONDS },
      signal,
    )
    if ('unreachable' in answer) return answer.unreachable
    return answer.status < 400 ? null : `it answers with code ${answer.status}`
  }
  return {
    stack,
    memory,
    guard,
    readiness,
    isUp: async service => (await readiness(service)) === null,
    api: (service, headers = {}) =>
      openApi({
        place: stack.places[service],
        headers: { ...keyOf(service, stack), ...headers },
        http,
        signal,
        redact,
        credential: service === 'qbittorrent' ? 'login' : 'key',
        credentialMend: keyMend(service, stack),
      }),
  }
}

const secretsOf = ({ keys, plexToken }: Stack): Secret[] => [
  ...Object.values(keys.apiKeys),
  ...Object.values(keys.logins).map(({ password }) => password),
  ...(plexToken === null ? [] : [plexToken]),
]

function keyOf(service: ServiceName, { keys, plexToken }: Stack): Record<string, Secret> {
  if (service === 'plex') return plexToken === null ? {} : { 'X-Plex-Token': plexToken }
  return service === 'qbittorrent' ? {} : { 'X-Api-Key': keys.apiKeys[service] }
}

function keyMend(service: ServiceName, { places }: Stack): string {
  const { title } = places[service]
  if (service === 'plex') return 'Sign in to Plex again: "sudo mediaserver plex reclaim".'
  if (service === 'qbittorrent')
    return 'Tell this machine its password: "sudo mediaserver credentials set qbittorrent".'
  return `Somebody has given ${title} another key. Set it back to the one in /var/lib/mediaserver/stack-keys.json (Settings, General), then type "sudo mediaserver apply".`
}
