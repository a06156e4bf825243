import { serveHealth } from './health-only.ts'

serveHealth(6767, '/', {})
