import { startSonarr } from './arr/sonarr.ts'
import { endOnSignal, fromEnvironment } from './core/environment.ts'

endOnSignal(await startSonarr(fromEnvironment()))
