import { Plex } from './server.ts'

const { env } = process

const plex = new Plex({
  folder: env['PLEX_MEDIA_SERVER_APPLICATION_SUPPORT_DIR'] ?? '/var/lib/plexmediaserver/Library/Application Support',
  plexTv: 'https://plex.tv',
  maintenanceMs: 4000,
  startingMs: 3000,
})
await plex.start(32400, '::')
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void plex.stop())
