// A stand-in for NordVPN's interface, shaped after what its Linux client asks and gets. It refuses what the real one would
// refuse, and a filter that the real one does not know is a fault of the test: the real one would ignore it silently.

/** One server of the stand-in. */
export interface StandInServer {
  readonly hostname: string
  readonly station: string
  readonly publicKey: string
  readonly country: string
  readonly city: string
  /** Made for file sharing. */
  readonly p2p: boolean
}

/** What goes wrong on purpose. */
export interface Faults {
  /** The token is not valid any more. */
  readonly expired?: boolean
  /** Every question is answered with this status. */
  readonly status?: number
  /** Servers that are never recommended, by their host names. */
  readonly hidden?: readonly string[]
  /** The account has no subscription. */
  readonly noService?: boolean
}

/** Everything that the stand-in knows. */
export interface NordVpnWorld {
  readonly token: string
  /** Private key of the account. */
  readonly key: string
  readonly servers: readonly StandInServer[]
}

/** One question as it comes over HTTP. */
export interface Question {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly authorization: string
  /** Address that it came from. */
  readonly from: string
}

export interface Answer {
  readonly status: number
  readonly body: unknown
}

const COUNTRIES = [
  { id: 81, name: 'Germany', code: 'DE' },
  { id: 153, name: 'Netherlands', code: 'NL' },
  { id: 208, name: 'Sweden', code: 'SE' },
  { id: 228, name: 'United States', code: 'US' },
]

const error = (status: number, code: number, message: string): Answer => ({
  status,
  body: { errors: { code, message } },
})

const FILTERS = [
  'filters[servers_technologies][identifier]',
  'filters[servers_groups][identifier]',
  'filters[country_id]',
  'limit',
]

/** Answers as NordVPN does. Pure. */
export function answerAsNordVpn(question: Question, world: NordVpnWorld, faults: Faults = {}): Answer {
  if (faults.status !== undefined) return error(faults.status, 100500, 'Trouble on purpose')
  const { pathname, searchParams } = new URL(question.url, 'https://api.nordvpn.com')
  const known: Readonly<Record<string, () => Answer>> = {
    '/v1/users/services/credentials': () => credentials(question, world, faults),
    '/v1/servers/countries': () => ({ status: 200, body: COUNTRIES.map(country => ({ ...country, cities: [] })) }),
    '/v1/servers/recommendations': () => recommend(searchParams, world, faults),
    '/v1/helpers/ips/insights': () => insights(question, world),
  }
  const answer = Object.hasOwn(known, pathname) ? known[pathname] : undefined
  if (answer === undefined) return error(404, 100404, 'Not found')
  return question.method === 'GET' ? answer() : error(405, 100405, 'Method not allowed')
}

function credentials({ authorization }: Question, { token, key }: NordVpnWorld, faults: Faults): Answer {
  const expected = `Basic ${Buffer.from(`token:${token}`).toString('base64')}`
  if (authorization !== expected || faults.expired === true) return error(401, 101301, 'Unauthorized')
  const dates = { created_at: '2024-01-01 00:00:00', updated_at: '2024-01-01 00:00:00' }
  const account = { id: 1, ...dates, username: 'u', password: 'p' }
  // As it really comes: without the sign that fills the last group of four.
  return { status: 200, body: faults.noService ? account : { ...account, nordlynx_private_key: key.replace('=', '') } }
}

function recommend(query: URLSearchParams, { servers }: NordVpnWorld, { hidden = [] }: Faults): Answer {
  for (const name of query.keys()) if (!FILTERS.includes(name)) return error(400, 100400, `Unknown filter ${name}`)
  if (query.get('filters[servers_technologies][identifier]') !== 'wireguard_udp')
    return error(400, 100400, 'Another technology was asked for')
  const group = query.get('filters[servers_groups][identifier]')
  if (group !== null && group !== 'legacy_p2p') return error(400, 100400, `Unknown group ${group}`)
  const country = COUNTRIES.find(({ id }) => String(id) === query.get('filters[country_id]'))
  const found = servers.filter(
    server =>
      !hidden.includes(server.hostname) &&
      (group === null || server.p2p) &&
      (!query.has('filters[country_id]') || server.country === country?.name),
  )
  return { status: 200, body: found.slice(0, Number(query.get('limit') ?? 5)).map(recommendation) }
}

function recommendation(server: StandInServer, index: number) {
  const country = COUNTRIES.find(({ name }) => name === server.country)
  return {
    id: index + 1,
    name: `${server.country} #${index + 1}`,
    hostname: server.hostname,
    station: server.station,
    load: 10 + index,
    status: 'online',
    locations: [{ id: 1, country: { ...country, city: { id: 1, name: server.city } } }],
    technologies: [
      { id: 3, identifier: 'openvpn_udp', metadata: [], pivot: { status: 'online' } },
      {
        id: 35,
        identifier: 'wireguard_udp',
        metadata: [{ name: 'public_key', value: server.publicKey }],
        pivot: { status: 'online' },
      },
    ],
    groups: server.p2p ? [{ id: 15, identifier: 'legacy_p2p' }] : [{ id: 11, identifier: 'legacy_standard' }],
    ips: [{ id: 1, type: 'entry', ip: { ip: server.station, version: 4 } }],
  }
}

function insights({ from }: Question, { servers }: NordVpnWorld): Answer {
  const server = servers.find(({ station }) => station === from)
  const country = server?.country ?? 'Austria'
  return {
    status: 200,
    body: { ip: from, country, country_code: '', city: '', isp: 'Test', protected: server !== undefined },
  }
}
