import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Start } from '../core/environment.ts'
import { ask as askReally } from '../core/out.ts'
import { type Running, serve } from '../core/server.ts'

const HEALTH_PORT = 9999
const ADDRESSES = 'https://ipv4.icanhazip.com'

interface Setting extends Record<string, unknown> {
  readonly provider: string
  readonly domain: string
}

/** What an update needs besides the name; a provider that is not here is known, and cannot be updated by a stand-in. */
const demanded: Readonly<Record<string, readonly string[]>> = {
  cloudflare: ['zone_identifier', 'ttl'],
  desec: ['token'],
  digitalocean: ['token'],
  duckdns: ['token'],
  dynu: ['username', 'password'],
  gandi: ['personal_access_token'],
  godaddy: ['key', 'secret'],
  namecheap: ['password'],
  ovh: [],
  porkbun: ['api_key', 'secret_api_key'],
}
const VERSIONS = ['ipv4', 'ipv6', 'ipv4 or ipv6', undefined]

/** The settings of a file. Throws for whatever the real one does not start with. */
export function readSettings(text: string): readonly Setting[] {
  const { settings } = JSON.parse(text) as { settings?: unknown }
  if (!Array.isArray(settings)) throw new Error('no settings')
  return settings.map((each: Setting) => {
    const { provider, domain, ip_version: version } = each
    if (provider === 'google') throw new Error('provider google is no longer supported')
    const fields = Object.hasOwn(demanded, provider) ? demanded[provider] : undefined
    if (fields === undefined) throw new Error(`unknown provider ${provider}`)
    if (typeof domain !== 'string' || !/^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/.test(domain))
      throw new Error(`domain is not valid: ${domain}`)
    if (!VERSIONS.includes(version as string | undefined)) throw new Error(`IP version ${String(version)} is not valid`)
    const lacking = fields.find(field => each[field] === undefined || each[field] === '')
    if (lacking !== undefined) throw new Error(`validating provider specific settings: ${lacking} is not set`)
    return each
  })
}

/** Asks the world; tests pass another. */
export type Ask = (url: string, init?: RequestInit) => Promise<Response>

/** Tells one provider the address, as the real one does. Throws with the reason of a refusal. */
async function update({ provider, domain, ...fields }: Setting, address: string, ask: Ask): Promise<void> {
  const field = (name: string) => String(fields[name] ?? '')
  if (provider === 'duckdns') {
    const query = new URLSearchParams({ verbose: 'true', domains: domain, token: field('token'), ip: address })
    const text = await (await ask(`https://www.duckdns.org/update?${query}`)).text()
    if (text.startsWith('ok') || text.startsWith('OK')) return
    throw new Error(/^ko/i.test(text) ? 'bad authentication' : `unknown response ${text}`)
  }
  if (provider !== 'porkbun') throw new Error(`the stand-in cannot tell ${provider}`)
  const owner = domain.split('.').slice(0, -2).join('.')
  const zone = domain.split('.').slice(-2).join('.')
  const post = async (path: string, more: Record<string, string> = {}) => {
    const keys = { apikey: field('api_key'), secretapikey: field('secret_api_key') }
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...keys, ...more }),
    }
    const answer = await ask(`https://api.porkbun.com/api/json/v3/dns/${path}`, init)
    if (!answer.ok) throw new Error(`code ${answer.status}`)
    return (await answer.json()) as { records?: { id: string; content: string }[] }
  }
  const { records = [] } = await post(`retrieveByNameType/${zone}/A/${owner}`)
  const record = { content: address, type: 'A', name: owner, ttl: field('ttl') || '600' }
  const [found] = records
  if (found === undefined) await post(`create/${zone}`, record)
  else if (found.content !== address) await post(`edit/${zone}/${found.id}`, record)
}

/** A name as the real one keeps it: duckdns.org is a public suffix, under which every name is a zone of its own. */
function zoneOf(name: string): { domain: string; owner: string } {
  const labels = name.split('.')
  const length = name.endsWith('.duckdns.org') ? 3 : 2
  return { domain: labels.slice(-length).join('.'), owner: labels.slice(0, -length).join('.') || '@' }
}

/** Starts the stand-in for ddns-updater; its health tells whether every name was updated. */
export async function startDdnsUpdater(
  start: Start,
  ask: Ask = askReally,
): Promise<Running & { check: () => Promise<void> }> {
  const settings = readSettings(readFileSync(join(start.config, 'config.json'), 'utf8'))
  let last = ''
  const failures = new Map<string, string>()
  const told = new Map<string, { ip: string; time: string }[]>()
  const keep = () => {
    const records = [...told].map(([name, ips]) => {
      const { domain, owner } = zoneOf(name)
      return { domain, owner, ips }
    })
    writeFileSync(join(start.config, 'updates.json'), JSON.stringify({ records }, null, 2), { mode: 0o600 })
  }
  const check = async () => {
    try {
      const address = (await (await ask(start.env['STANDIN_ADDRESSES'] ?? ADDRESSES)).text()).trim()
      if (address === last && failures.size === 0) return
      for (const setting of settings) {
        const failure = await update(setting, address, ask).then(
          () => null,
          (error: unknown) => (error as Error).message,
        )
        if (failure === null) {
          failures.delete(setting.domain)
          const before = told.get(setting.domain) ?? []
          if (before.at(-1)?.ip !== address)
            told.set(setting.domain, [...before, { ip: address, time: new Date().toISOString() }])
        } else failures.set(setting.domain, failure)
        start.log(`${setting.domain}: ${failure ?? `is ${address} now`}`)
      }
      last = address
      keep()
    } catch (error) {
      start.log(`obtaining the public address: ${(error as Error).message}`)
    }
  }
  const timer = setInterval(() => void check(), start.pollMilliseconds)
  timer.unref()
  const health = () =>
    failures.size === 0
      ? { status: 200, text: '' }
      : { status: 500, text: [...failures].map(each => each.join(': ')).join('\n') }
  const running = await serve(start.port ?? HEALTH_PORT, [{ method: 'GET', path: /^\/$/, answer: health }], {
    refuse: () => null,
    unknown: () => ({ status: 404, text: '' }),
  })
  void check()
  const close = running.close
  return Object.assign(running, {
    check,
    close: async () => {
      clearInterval(timer)
      await close()
    },
  })
}
