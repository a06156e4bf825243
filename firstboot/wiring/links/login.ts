import type { Link, Look, Wires } from '../link.ts'
import { lookAtPage } from '../own-settings.ts'

/** Sonarr, Radarr and Prowlarr, which are alike. */
export type ArrName = 'sonarr' | 'radarr' | 'prowlarr'

/** Where their interfaces begin. */
export const apiOf: Readonly<Record<ArrName, string>> = {
  sonarr: '/api/v3',
  radarr: '/api/v3',
  prowlarr: '/api/v1',
}

/** Its id, for links that come after it. */
export const loginLink = (service: ArrName): string => `${service}-login`

async function look(service: ArrName, wires: Wires): Promise<Look> {
  const page = `${apiOf[service]}/config/host`
  const { user, password } = wires.stack.keys.logins[service]
  const { username } = await wires.api(service).get<{ username: string }>(page)
  // Nobody can log in: it has begun anew, and whatever we remember of it was another one.
  if (username === '') wires.memory.forget(`${service}/`)
  const wanted = {
    authenticationMethod: 'forms',
    authenticationRequired: 'enabled',
    username: user,
    password,
    analyticsEnabled: false,
  }
  return await lookAtPage(wires, service, page, wanted, write => ({
    passwordConfirmation: write['password'] ?? '',
  }))
}

/** The name and password that a person logs in with. */
export const logins: readonly Link[] = (['sonarr', 'radarr', 'prowlarr'] as const).map(service => ({
  id: loginLink(service),
  title: `${{ sonarr: 'Sonarr', radarr: 'Radarr', prowlarr: 'Prowlarr' }[service]}: its login`,
  needs: [service],
  look: async wires => await look(service, wires),
}))
