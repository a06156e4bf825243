import type { Secret } from '../answers/secret.ts'
import type { Answered, Get } from '../live-checks/https.ts'
import {
  authorization,
  type Country,
  findCountry,
  nordUrls,
  parseCountries,
  parseKey,
  parseServers,
  type VpnServer,
} from './nordvpn.ts'
import { noServer, noService, refusal, strangeAnswer, unknownCountry, unreachable } from './trouble.ts'

/** Servers to choose from, best first, and what about them is not as it was wished; mostly empty. */
export interface Choice {
  readonly servers: readonly [VpnServer, ...VpnServer[]]
  readonly note: string
}

function textOf(answer: Answered): string {
  if ('unreachable' in answer) throw unreachable(answer.unreachable)
  if (answer.status !== 200) throw refusal(answer.status, answer.text)
  return answer.text
}

/** The WireGuard key that belongs to an access token. Throws a `ChangeFailure` with the mend. */
export async function askKey(token: Secret, get: Get): Promise<Secret> {
  const key = parseKey(textOf(await get(nordUrls.credentials, { Authorization: authorization(token) })))
  if (key === null) throw noService()
  return key
}

async function askCountry(name: string, get: Get): Promise<Country | null> {
  if (name === '') return null
  const countries = parseCountries(textOf(await get(nordUrls.countries)))
  if (countries === null) throw strangeAnswer('countries')
  const country = findCountry(countries, name)
  if (country !== undefined) return country
  throw unknownCountry(
    name,
    countries.map(each => each.name),
  )
}

/**
 * The best servers right now: in the country and made for downloads, else any in the country, else the nearest ones that
 * are made for downloads. Throws a `ChangeFailure` with the mend.
 */
export async function chooseServers(countryName: string, get: Get): Promise<Choice> {
  const country = await askCountry(countryName, get)
  const ask = async (wanted: { country: number | null; p2p: boolean }): Promise<VpnServer[]> => {
    const servers = parseServers(textOf(await get(nordUrls.recommendations(wanted))))
    if (servers === null) throw strangeAnswer('servers')
    return servers
  }
  const where = country?.name ?? ''
  const ladder: readonly { readonly country: number | null; readonly p2p: boolean; readonly note: string }[] = [
    ...(country === null
      ? []
      : [
          { country: country.id, p2p: true, note: '' },
          {
            country: country.id,
            p2p: false,
            note: `In ${where} no server is made for downloads right now, so it is an ordinary one.`,
          },
        ]),
    {
      country: null,
      p2p: true,
      note: country === null ? '' : `In ${where} no server is free right now, so it is the nearest one.`,
    },
    { country: null, p2p: false, note: 'No server is made for downloads right now, so it is an ordinary one.' },
  ]
  for (const { note, ...wanted } of ladder) {
    const [first, ...others] = await ask(wanted)
    if (first !== undefined) return { servers: [first, ...others], note }
  }
  throw noServer()
}
