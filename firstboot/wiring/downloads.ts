/** Where downloads lie, as qBittorrent, Sonarr and Radarr see it inside their containers. */
export const downloadFolders = { complete: '/downloads/complete', incomplete: '/downloads/incomplete' } as const

/** The folder of what is fetched for each program, by the category that the program marks it with. */
export const categoryFolders = {
  sonarr: `${downloadFolders.complete}/sonarr`,
  radarr: `${downloadFolders.complete}/radarr`,
  prowlarr: `${downloadFolders.complete}/prowlarr`,
} as const

/** Until when a download is shared: as much as was fetched, or a day, whichever comes first. */
export const shareLimits = { ratio: 1, minutes: 1440 } as const
