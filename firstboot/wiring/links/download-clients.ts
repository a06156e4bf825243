import type { Link, Stack } from '../link.ts'
import { lookAtProvider, type Provider } from '../provider.ts'
import type { Settings } from '../settle.ts'
import { apiOf, type ArrName, loginLink } from './login.ts'
import { preferencesLink } from './qbittorrent.ts'

const services = ['sonarr', 'radarr', 'prowlarr'] as const
const titles: Readonly<Record<ArrName, string>> = { sonarr: 'Sonarr', radarr: 'Radarr', prowlarr: 'Prowlarr' }
const categoryField: Readonly<Record<ArrName, string>> = {
  sonarr: 'tvCategory',
  radarr: 'movieCategory',
  prowlarr: 'category',
}

function client(service: ArrName, stack: Stack, settings: Settings): Provider {
  const { inside } = stack.places.qbittorrent
  const { user, password } = stack.keys.logins.qbittorrent
  return {
    service,
    list: `${apiOf[service]}/downloadclient`,
    name: 'qBittorrent',
    implementation: 'QBittorrent',
    settings,
    fields: {
      host: inside.host,
      port: inside.port,
      useSsl: false,
      username: user,
      password,
      [categoryField[service]]: service,
    },
    // A client that is switched on is tried out at once, and refused while nobody is there.
    first: async wires => ({ enable: await wires.isUp('qbittorrent'), protocol: 'torrent' }),
  }
}

const hasDownloads = (stack: Stack): boolean => stack.services.has('qbittorrent')

/** Its id, for links that come after it. */
const clientLink = (service: ArrName): string => `${service}-qbittorrent`

/** qBittorrent in the programs that give it work; it is switched on as soon as it answers. */
export const downloadClientLinks: readonly Link[] = services.flatMap((service): Link[] => [
  {
    id: clientLink(service),
    title: `${titles[service]}: what downloads for it`,
    needs: [service],
    after: [loginLink(service)],
    when: hasDownloads,
    look: async wires => await lookAtProvider(client(service, wires.stack, {}), wires),
  },
  {
    id: `${clientLink(service)}-on`,
    title: `${titles[service]}: downloads on`,
    needs: [service, 'qbittorrent'],
    after: [clientLink(service), preferencesLink],
    when: hasDownloads,
    look: async wires => await lookAtProvider(client(service, wires.stack, { enable: true }), wires),
  },
])
