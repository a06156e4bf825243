import { startRadarr } from './arr/radarr.ts'
import { endOnSignal, fromEnvironment } from './core/environment.ts'

endOnSignal(await startRadarr(fromEnvironment()))
