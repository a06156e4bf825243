import type { Link, Stack } from '../link.ts'
import { lookAtProvider, type Provider } from '../provider.ts'
import type { Settings } from '../settle.ts'
import { folderLink } from './library.ts'
import { loginLink } from './login.ts'

const titles = { sonarr: 'Sonarr', radarr: 'Radarr' } as const

// Plex looks at a folder as soon as something in it was added, replaced, renamed or removed.
const occasions: Readonly<Record<'sonarr' | 'radarr', Settings>> = {
  sonarr: {
    onDownload: true,
    onUpgrade: true,
    onRename: true,
    onSeriesDelete: true,
    onEpisodeFileDelete: true,
    onEpisodeFileDeleteForUpgrade: true,
  },
  radarr: {
    onDownload: true,
    onUpgrade: true,
    onRename: true,
    onMovieDelete: true,
    onMovieFileDelete: true,
    onMovieFileDeleteForUpgrade: true,
  },
}

// The same folder, as the program and as Plex on the machine itself see it.
const folders = { sonarr: ['/tv', '/data/media/tv'], radarr: ['/movies', '/data/media/movies'] } as const

function notification(service: 'sonarr' | 'radarr', { places, plexToken }: Stack): Provider {
  const [mapFrom, mapTo] = folders[service]
  return {
    service,
    list: '/api/v3/notification',
    name: 'Plex',
    implementation: 'PlexServer',
    settings: occasions[service],
    fields: {
      host: places.plex.inside.host,
      port: places.plex.inside.port,
      useSsl: false,
      ...(plexToken === null ? {} : { authToken: plexToken }),
      updateLibrary: true,
      mapFrom,
      mapTo,
    },
    first: () => Promise.resolve({}),
  }
}

/** Plex in Sonarr and Radarr, so that it shows at once what is new. */
export const plexNotificationLinks: readonly Link[] = (['sonarr', 'radarr'] as const).map(service => ({
  id: `${service}-plex`,
  title: `${titles[service]}: tell Plex what is new`,
  needs: [service, 'plex'],
  after: [loginLink(service), folderLink(service)],
  when: stack => stack.plexToken !== null,
  look: async wires => await lookAtProvider(notification(service, wires.stack), wires),
}))
