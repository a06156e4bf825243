import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Authority } from './authority.ts'
import type { TestInternet } from './internet.ts'
import { startNameServer } from './name-server.ts'
import { DOMAIN_SERVICES } from './names.ts'
import type { Running, Space } from './space.ts'

/** A domain that somebody has, and what its provider's interface takes from them. */
export const DOMAIN = 'filmhaus.example'
export const CREDENTIALS = { apiKey: 'pk1_of-a-test', secretApiKey: 'sk1_of-a-test' }

/** The address of somebody far away. */
export const VISITOR = '203.0.113.90'

const ACME = ['acme-v02.api.letsencrypt.org', 'acme-staging-v02.api.letsencrypt.org'] as const
const PROVIDER = 'api.porkbun.com'
const PROVIDER_PORT = 8053

/** What a visitor saw; `status` 0 is that nothing came, and `trouble` then is the code of curl(1) for it. */
export interface Seen {
  readonly status: number
  readonly leadsTo: string
  readonly text: string
  readonly trouble: number
}

/**
 * What lies out there for somebody with a domain: Porkbun, where it is kept, with the name server for it; and the usual
 * authority, which is the real Caddy with the keys of the test internet: it signs for whoever it finds at a name, by the
 * same protocol (RFC 8555) and questions as the one that it stands for. And there is a visitor, who trusts that authority alone.
 */
export class DomainServices implements AsyncDisposable {
  readonly visitor: Space
  readonly #space: Space
  readonly #internet: TestInternet
  readonly #provider: Running

  private constructor(internet: TestInternet, parts: { space: Space; visitor: Space; provider: Running }) {
    this.#internet = internet
    this.#space = parts.space
    this.visitor = parts.visitor
    this.#provider = parts.provider
  }

  static async open(internet: TestInternet): Promise<DomainServices> {
    const folder = join(internet.folder, 'domain-services')
    const hosts = join(folder, 'hosts')
    await mkdir(hosts, { recursive: true })
    const spaces: Space[] = []
    try {
      const open = async (name: string, address: string) => {
        const space = await internet.openPublicSpace(name, address)
        spaces.push(space)
        return space
      }
      const space = await open('domains', DOMAIN_SERVICES)
      const visitor = await open('visitor', VISITOR)
      await startNames(space, hosts)
      const resolver = join(folder, 'resolv.conf')
      await writeFile(resolver, `nameserver ${DOMAIN_SERVICES}\n`)
      for (const each of spaces) await each.run('mount', '--bind', resolver, '/etc/resolv.conf')
      const account = { port: PROVIDER_PORT, ...CREDENTIALS, domain: DOMAIN, folder: hosts }
      const program = join(import.meta.dirname, 'programs/porkbun.ts')
      const provider = space.start([process.execPath, program, JSON.stringify(account)])
      await provider.waitFor(/^listens$/)
      await startAuthority(space, internet.authority, folder)
      await internet.delegate([DOMAIN, ...ACME, PROVIDER], DOMAIN_SERVICES)
      return new DomainServices(internet, { space, visitor, provider })
    } catch (error) {
      for (const space of spaces) await space[Symbol.asyncDispose]()
      throw error
    }
  }

  /** What the provider was told so far, as lines: `NAME is ADDRESS`. */
  told(): readonly string[] {
    return this.#provider.lines.filter(line => line.includes(' is '))
  }

  /** Where a name leads, as somebody out there is told by its name server; nothing when there is no such name. */
  async addressesOf(name: string): Promise<readonly string[]> {
    const { stdout } = await this.visitor.attempt(['getent', 'ahostsv4', name])
    return [...new Set(stdout.split('\n').flatMap(line => line.split(' ')[0] || []))]
  }

  /** Opens a page as a visitor from far away does. */
  async visit(url: string): Promise<Seen> {
    const trust = ['--cacert', this.#internet.authority.certificate, '--capath', '/dev/null']
    const curl = [
      'curl',
      '--silent',
      '--max-time',
      '30',
      ...trust,
      '--write-out',
      '\n%{http_code} %{redirect_url}',
      url,
    ]
    const { stdout, code } = await this.visitor.attempt(curl)
    const at = stdout.lastIndexOf('\n')
    const [status, leadsTo = ''] = stdout.slice(at + 1).split(' ')
    return { status: Number(status), leadsTo, text: stdout.slice(0, at), trouble: code ?? 0 }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.visitor[Symbol.asyncDispose]()
    await this.#space[Symbol.asyncDispose]()
  }
}

/** The name server: what it does not know in these zones is not there. */
async function startNames(space: Space, hosts: string): Promise<void> {
  await writeFile(join(hosts, 'services'), [...ACME, PROVIDER].map(name => `${DOMAIN_SERVICES} ${name}\n`).join(''))
  await startNameServer(space, [`--hostsdir=${hosts}`, ...[DOMAIN, ...ACME, PROVIDER].map(zone => `--local=/${zone}/`)])
}

async function startAuthority(space: Space, authority: Authority, folder: string): Promise<void> {
  const { certificate, key } = await authority.issue([...ACME, PROVIDER])
  const file = join(folder, 'Caddyfile')
  await writeFile(
    file,
    `{
	admin off
	auto_https off
	skip_install_trust
	pki {
		ca local {
			name "Test internet"
			root {
				cert ${authority.certificate}
				key ${authority.key}
			}
		}
	}
}
${ACME.map(name => `https://${name}`).join(', ')} {
	tls ${certificate} ${key}
	rewrite /directory /acme/local/directory
	acme_server
}
https://${PROVIDER} {
	tls ${certificate} ${key}
	reverse_proxy 127.0.0.1:${PROVIDER_PORT}
}
`,
  )
  const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const caddy = space.start(['caddy', 'run', '--adapter', 'caddyfile', '--config', file], env)
  await caddy.waitFor(/serving initial configuration/)
}
