import type { Link, Stack } from '../link.ts'
import { lookAtProvider, type Provider } from '../provider.ts'
import { loginLink } from './login.ts'

const titles = { sonarr: 'Sonarr', radarr: 'Radarr' } as const

function application(service: 'sonarr' | 'radarr', { places, keys }: Stack): Provider {
  const url = (name: 'sonarr' | 'radarr' | 'prowlarr') =>
    `http://${places[name].inside.host}:${places[name].inside.port}`
  return {
    service: 'prowlarr',
    list: '/api/v1/applications',
    name: titles[service],
    implementation: titles[service],
    settings: { syncLevel: 'fullSync' },
    fields: { prowlarrUrl: url('prowlarr'), baseUrl: url(service), apiKey: keys.apiKeys[service] },
    first: () => Promise.resolve({}),
  }
}

/** Sonarr and Radarr in Prowlarr, which tells them where to look. Each must be able to call Prowlarr back. */
export const applicationLinks: readonly Link[] = (['sonarr', 'radarr'] as const).map(service => ({
  id: `prowlarr-${service}`,
  title: `Prowlarr: where ${titles[service]} looks`,
  needs: ['prowlarr', service],
  after: [loginLink('prowlarr'), loginLink(service)],
  look: async wires => await lookAtProvider(application(service, wires.stack), wires),
}))
