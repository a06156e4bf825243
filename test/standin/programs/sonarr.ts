import { serveHealth } from './health-only.ts'

serveHealth(8989, '/ping', { status: 'OK' })
