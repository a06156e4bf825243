import { Resolver } from 'node:dns/promises'
import type { CheckResult } from '../wizard/checks.ts'
import type { Get } from './https.ts'
import { notChecked, parsed } from './results.ts'

/** What names stand for; each gives nothing for a name that is not there, and throws when nobody can be asked. */
export interface Names {
  addresses(name: string): Promise<readonly string[]>
  /** The same, as the name servers of the domain itself say: nobody on the way keeps what they knew, or knows better. */
  addressesOutside(name: string): Promise<readonly string[]>
  /** True when the name, or one above it, has name servers: the domain exists. */
  exists(name: string): Promise<boolean>
}

/** Looks a domain up: whether it exists, and whether it points to this home already. */
export async function checkDomain(name: string, names: Names, get: Get): Promise<CheckResult> {
  try {
    if (!(await names.exists(name))) {
      return {
        verdict: 'bad',
        words: `There is no such domain. Look at the spelling, or register ${name} at a provider first.`,
      }
    }
    const [addresses, home] = await Promise.all([names.addresses(name), homeAddress(get)])
    if (home === null || addresses.length === 0) return { verdict: 'good', words: 'the domain exists.' }
    return addresses.includes(home)
      ? { verdict: 'good', words: 'the domain points to your home.' }
      : { verdict: 'good', words: 'the domain exists. It points elsewhere now, and will be pointed to your home.' }
  } catch {
    return notChecked('no network (the name servers cannot be reached)')
  }
}

async function homeAddress(get: Get): Promise<string | null> {
  const answer = await get('https://api.nordvpn.com/v1/helpers/ips/insights')
  if ('unreachable' in answer) return null
  const { ip } = parsed(answer.text) as { ip?: unknown }
  return typeof ip === 'string' ? ip : null
}

const MOST_SERVERS = 3

/** The name servers of this system. */
export function systemNames(): Names {
  const resolver = new Resolver({ timeout: 4000, tries: 2 })
  const orNothing = (error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOTFOUND' || error.code === 'ENODATA') return []
    throw error
  }
  /** The name servers of a name, or of what is above it. */
  const serversOf = async (name: string): Promise<string[]> => {
    const labels = name.split('.')
    for (let from = 0; from <= labels.length - 2; from++) {
      const servers = await resolver.resolveNs(labels.slice(from).join('.')).catch(orNothing)
      if (servers.length > 0) return servers
    }
    return []
  }
  return {
    addresses: name => resolver.resolve4(name).catch(orNothing),
    async addressesOutside(name) {
      const servers = (await serversOf(name)).slice(0, MOST_SERVERS)
      const found = await Promise.all(servers.map(server => resolver.resolve4(server).catch(() => [])))
      if (found.flat().length === 0) throw new Error(`no name server of ${name} can be asked`)
      const outside = new Resolver({ timeout: 4000, tries: 1 })
      outside.setServers(found.flat().slice(0, MOST_SERVERS))
      return await outside.resolve4(name).catch(orNothing)
    },
    // A name below an existing zone is fine: the provider makes it.
    exists: async name => (await serversOf(name)).length > 0,
  }
}
