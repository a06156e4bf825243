import { serveHealth } from './health-only.ts'

serveHealth(7878, '/ping', { status: 'OK' })
