import { endOnSignal, fromEnvironment } from './core/environment.ts'
import { startBazarr } from './subtitles/bazarr.ts'

endOnSignal(await startBazarr(fromEnvironment()))
