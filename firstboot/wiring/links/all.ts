import type { Link } from '../link.ts'
import { applicationLinks } from './applications.ts'
import { bazarrLinks } from './bazarr.ts'
import { downloadClientLinks } from './download-clients.ts'
import { jellyseerrLinks } from './jellyseerr.ts'
import { libraryLinks } from './library.ts'
import { logins } from './login.ts'
import { plexNotificationLinks } from './plex-notifications.ts'
import { qbittorrentLinks } from './qbittorrent.ts'

/** Every connection between programs, each after those that it builds on. */
export const allLinks: readonly Link[] = [
  ...logins,
  ...qbittorrentLinks,
  ...libraryLinks,
  ...downloadClientLinks,
  ...applicationLinks,
  ...bazarrLinks,
  ...plexNotificationLinks,
  ...jellyseerrLinks,
]
