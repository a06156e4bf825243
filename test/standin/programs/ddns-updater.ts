import { serveHealth } from './health-only.ts'

serveHealth(9999, '/', {})
