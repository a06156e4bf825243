/** Every program that is connected with others. */
export type ServiceName = 'sonarr' | 'radarr' | 'prowlarr' | 'bazarr' | 'jellyseerr' | 'qbittorrent' | 'plex'

/** Where a program answers. */
export interface Place {
  readonly title: string
  /** On this machine. */
  readonly url: string
  /** What it must be called when it is asked from this machine; else what the address says. */
  readonly host?: string
  readonly port: number
  /** How the other programs reach it. */
  readonly inside: { readonly host: string; readonly port: number }
  /** A page that answers with 200 to anybody as soon as the program is up. */
  readonly ready: string
  /** How a person looks why it is not up. */
  readonly logs: string
}

const container = (title: string, name: string, port: number, ready: string, inside = name): Place => ({
  title,
  url: `http://127.0.0.1:${port}`,
  port,
  inside: { host: inside, port },
  ready,
  logs: `sudo docker logs ${name}`,
})

/** The places of a machine that was set up by us; see the ports in the documentation. */
export const placesOf: Readonly<Record<ServiceName, Place>> = {
  sonarr: container('Sonarr', 'sonarr', 8989, '/ping'),
  radarr: container('Radarr', 'radarr', 7878, '/ping'),
  prowlarr: container('Prowlarr', 'prowlarr', 9696, '/ping'),
  bazarr: container('Bazarr', 'bazarr', 6767, '/api/system/ping'),
  jellyseerr: container('Jellyseerr', 'jellyseerr', 5055, '/api/v1/status'),
  // It lives in the network of the VPN container. It compares the name that it is called by, with the port, to its own list.
  qbittorrent: { ...container('qBittorrent', 'qbittorrent', 8080, '/', 'nordlynx'), host: 'localhost:8080' },
  plex: {
    title: 'Plex',
    url: 'http://127.0.0.1:32400',
    port: 32_400,
    inside: { host: 'host.docker.internal', port: 32_400 },
    ready: '/identity',
    logs: 'sudo journalctl -u plexmediaserver',
  },
}
