import { serveHealth } from './health-only.ts'

serveHealth(5055, '/api/v1/status', { version: '3.4.1' })
