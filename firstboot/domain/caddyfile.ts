import type { DomainAnswer } from '../answers/answers.ts'
import { domainNames } from './names.ts'
import { DOOR_FILE } from './requests-door.ts'

/** Who signs the certificates, where it is not the usual authority. */
export interface Authority {
  /** Address of its ACME directory. */
  readonly directory: string
  /** File with its root certificate, as the container sees it; none when the system knows it. */
  readonly root?: string
}

/** What a Caddyfile is made from. */
export interface CaddyWishes {
  readonly domain: Pick<DomainAnswer, 'name' | 'email'>
  /** Whether films can be asked for: without that service nobody is answered at the domain itself. */
  readonly requests: boolean
  /** What opens Sonarr and Radarr; `hash` is of bcrypt. */
  readonly login: { readonly user: string; readonly hash: string }
  readonly authority?: Authority
}

/**
 * The settings of Caddy. Only the service that films are asked for with is open to everybody, and what leads there is in a
 * file of its own, for it is closed until that service has its owner. Sonarr and Radarr are behind a password here and one
 * of their own. `basicauth` is the name that every Caddy 2 knows: Debian's 2.6 has no `basic_auth`,
 * and newer ones take both. Pure.
 */
export function renderCaddyfile({ domain, requests, login, authority }: CaddyWishes): string {
  const { apex, guarded } = domainNames(domain)
  const block = (head: string, lines: readonly string[]) => [
    head === '' ? '{' : `${head} {`,
    ...lines.map(line => `\t${line}`),
    '}',
    '',
  ]
  return [
    '# Made once by the set-up of the media server; it is yours to change.',
    '# Try a change with: docker compose exec caddy caddy validate --config /etc/caddy/Caddyfile',
    ...block('', [
      `email ${domain.email}`,
      ...(authority === undefined ? [] : [`acme_ca ${authority.directory}`]),
      ...(authority?.root === undefined ? [] : [`acme_ca_root ${authority.root}`]),
    ]),
    ...block('(secure)', [
      'header {',
      '\tStrict-Transport-Security max-age=31536000',
      '\tX-Content-Type-Options nosniff',
      '\tReferrer-Policy strict-origin-when-cross-origin',
      '\t-Server',
      '}',
    ]),
    ...block(apex, ['import secure', ...(requests ? [`import ${DOOR_FILE}`] : ['respond 404'])]),
    ...guarded.flatMap(({ name, service, port }) =>
      block(name, [
        'import secure',
        'basicauth {',
        `\t${login.user} ${login.hash}`,
        '}',
        `reverse_proxy ${service}:${port} {`,
        // Sonarr and Radarr would take the first password for theirs, and refuse.
        '\theader_up -Authorization',
        '}',
      ]),
    ),
  ].join('\n')
}
