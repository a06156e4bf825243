import { serveHealth } from './health-only.ts'

serveHealth(9696, '/ping', { status: 'OK' })
