import type { Secret } from '../../answers/secret.ts'
import type { Link, Look, Stack, Wires } from '../link.ts'
import { right } from '../link.ts'
import { findOwner, firstAccount } from '../owner.ts'
import { rememberSeen, settle } from '../settle.ts'
import { Trouble } from '../trouble.ts'
import { folderLink } from './library.ts'

const SERVICE = 'jellyseerr'
const STRANGER = 'domain-requests-stranger'

/**
 * Its first account is its owner. One that is not ours is a person's choice at home; with a domain it may be anybody's in
 * the internet, so that is said, and stops what hands wishes on.
 */
async function lookAtAdmin(wires: Wires): Promise<Look> {
  const owner = await findOwner(wires)
  if (owner.whose === 'ours') return right
  if (owner.whose === 'stranger') {
    if (wires.stack.publicUrl === '') return { writes: [], theirs: ['owner'] }
    throw new Trouble(
      `Jellyseerr belongs to another Plex account (${owner.name}) than this machine, so the internet is kept out of it.`,
      false,
      `See "sudo mediaserver doctor ${STRANGER}".`,
      STRANGER,
    )
  }
  // Whose it is will be known when plex.tv can be asked; the rest does not wait for that.
  if (owner.whose === 'unknown' && (await firstAccount(wires)) !== null) return right
  wires.memory.forget(`${SERVICE}/`)
  const json = { authToken: wires.stack.plexToken }
  const send = async () => void (await wires.api(SERVICE).send('POST', '/api/v1/auth/plex', { json }))
  return { writes: [{ send }], theirs: [] }
}

async function lookAtPlex(wires: Wires): Promise<Look> {
  const api = wires.api(SERVICE)
  const { host, port } = wires.stack.places.plex.inside
  const found = await api.get<Record<string, unknown>>('/api/v1/settings/plex')
  const wanted = { ip: host, port, useSsl: false }
  const { write, theirs, wrote } = settle(`${SERVICE}/plex`, wanted, found, wires.memory)
  if (Object.keys(write).length === 0) return { writes: [], theirs }
  const send = async () => {
    await api.send('POST', '/api/v1/settings/plex', { json: { ...wanted, ...pick(found, theirs), ...write } })
    wrote()
  }
  return { writes: [{ send }], theirs }
}

const pick = (from: Record<string, unknown>, names: readonly string[]) =>
  Object.fromEntries(names.map(name => [name, from[name]]))

interface Shelf {
  readonly id: string
  readonly enabled: boolean
}

/**
 * Which libraries of Plex it looks at: all that there are, once. A question for them that does not name the ones wanted
 * switches all of them off, so it is only asked when there is something to write.
 */
async function lookAtLibraries(wires: Wires): Promise<Look> {
  const api = wires.api(SERVICE)
  const { libraries } = await api.get<{ libraries: readonly Shelf[] }>('/api/v1/settings/plex')
  if (libraries.some(({ enabled }) => enabled)) {
    rememberSeen(`${SERVICE}/libraries`, { there: true }, wires.memory)
    return right
  }
  if (wires.memory.get(`${SERVICE}/libraries/there`) !== undefined) return { writes: [], theirs: ['libraries'] }
  const send = async () => {
    const all = await api.get<readonly Shelf[]>('/api/v1/settings/plex/library?sync=1')
    if (all.length === 0) throw new Trouble('Jellyseerr finds no libraries in Plex yet.', true)
    const ids = all.map(({ id }) => encodeURIComponent(id)).join(',')
    await api.get(`/api/v1/settings/plex/library?enable=${ids}`)
    await api.send('POST', '/api/v1/settings/plex/sync', { json: { start: true } })
  }
  return { writes: [{ send }], theirs: [] }
}

interface Server extends Record<string, unknown> {
  readonly id: number
  readonly hostname: string
}

interface Offer {
  readonly profiles: readonly { readonly id: number; readonly name: string }[]
  readonly rootFolders: readonly { readonly path: string }[]
}

const programs = {
  sonarr: {
    title: 'Sonarr',
    folder: '/tv',
    own: { enableSeasonFolders: true, seriesType: 'standard', animeSeriesType: 'anime', monitorNewItems: 'all' },
  },
  radarr: { title: 'Radarr', folder: '/movies', own: { minimumAvailability: 'released' } },
} as const

// A good picture at a size that a usual disk has room for.
const PROFILE = 'HD-1080p'

async function lookAtServer(service: 'sonarr' | 'radarr', wires: Wires): Promise<Look> {
  const { stack, memory } = wires
  const api = wires.api(SERVICE)
  const { title, folder, own } = programs[service]
  const { host, port } = stack.places[service].inside
  const list = `/api/v1/settings/${service}`
  const prefix = `${SERVICE}/${service}`
  const address: { hostname: string; port: number; apiKey: Secret; useSsl: boolean } = {
    hostname: host,
    port,
    apiKey: stack.keys.apiKeys[service],
    useSsl: false,
  }
  const servers = await api.get<readonly Server[]>(list)
  const found = servers.find(({ name }) => name === title) ?? servers[0]
  if (found === undefined) {
    if (memory.get(`${prefix}/there`) !== undefined) return { writes: [], theirs: ['removed'] }
    const send = async () => {
      const offer = JSON.parse((await api.send('POST', `${list}/test`, { json: address })).text) as Offer
      const profile = offer.profiles.find(({ name }) => name === PROFILE) ?? offer.profiles[0]
      if (profile === undefined) throw new Trouble(`${title} has no quality profile for Jellyseerr.`, true)
      const directory = offer.rootFolders.find(({ path }) => path.replace(/\/+$/, '') === folder)?.path ?? folder
      const json = {
        name: title,
        ...address,
        baseUrl: '',
        activeProfileId: profile.id,
        activeProfileName: profile.name,
        activeDirectory: directory,
        is4k: false,
        isDefault: true,
        tags: [],
        syncEnabled: true,
        preventSearch: false,
        ...own,
      }
      await api.send('POST', list, { json })
    }
    return { writes: [{ send }], theirs: [] }
  }
  rememberSeen(prefix, { there: true }, memory)
  const { write, theirs, wrote } = settle(prefix, { ...address }, found, memory)
  if (Object.keys(write).length === 0) return { writes: [], theirs }
  const send = async () => {
    const { id, ...rest } = found
    await api.send('PUT', `${list}/${id}`, { json: { ...rest, ...write } })
    wrote()
  }
  return { writes: [{ send }], theirs }
}

async function lookAtAddress(wires: Wires): Promise<Look> {
  const page = '/api/v1/settings/main'
  const found = await wires.api(SERVICE).get<Record<string, unknown>>(page)
  const wanted = { applicationUrl: wires.stack.publicUrl }
  const { write, theirs, wrote } = settle(`${SERVICE}/main`, wanted, found, wires.memory)
  if (Object.keys(write).length === 0) return { writes: [], theirs }
  const send = async () => {
    await wires.api(SERVICE).send('POST', page, { json: write })
    wrote()
  }
  return { writes: [{ send }], theirs }
}

async function lookAtStart({ api }: Wires): Promise<Look> {
  const { initialized } = await api(SERVICE).get<{ initialized: boolean }>('/api/v1/settings/public')
  if (initialized) return right
  const send = async () => void (await api(SERVICE).send('POST', '/api/v1/settings/initialize', { json: {} }))
  return { writes: [{ send }], theirs: [] }
}

const signedIn = ({ plexToken }: Stack): boolean => plexToken !== null
const common = { when: signedIn, after: ['jellyseerr-admin'] }
const serverLink = (service: 'sonarr' | 'radarr') => `jellyseerr-${service}`

/** Jellyseerr with the account, the libraries and the programs that it hands wishes to. All of it needs a Plex account. */
export const jellyseerrLinks: readonly Link[] = [
  {
    id: 'jellyseerr-admin',
    title: 'Jellyseerr: your Plex account',
    needs: [SERVICE, 'plex'],
    when: signedIn,
    look: lookAtAdmin,
  },
  { ...common, id: 'jellyseerr-plex', title: 'Jellyseerr: Plex', needs: [SERVICE, 'plex'], look: lookAtPlex },
  {
    ...common,
    id: 'jellyseerr-libraries',
    title: 'Jellyseerr: the libraries of Plex',
    needs: [SERVICE, 'plex'],
    after: ['jellyseerr-plex'],
    look: lookAtLibraries,
  },
  ...(['sonarr', 'radarr'] as const).map((service): Link => ({
    id: serverLink(service),
    title: `Jellyseerr: ${programs[service].title}`,
    needs: [SERVICE, service],
    after: ['jellyseerr-admin', folderLink(service)],
    when: signedIn,
    look: async wires => await lookAtServer(service, wires),
  })),
  {
    ...common,
    id: 'jellyseerr-address',
    title: 'Jellyseerr: its address outside',
    needs: [SERVICE],
    when: stack => signedIn(stack) && stack.publicUrl !== '',
    look: lookAtAddress,
  },
  {
    ...common,
    id: 'jellyseerr-start',
    title: 'Jellyseerr: open its doors',
    needs: [SERVICE],
    after: ['jellyseerr-libraries', serverLink('sonarr'), serverLink('radarr')],
    look: lookAtStart,
  },
]
