import { startProwlarr } from './arr/prowlarr.ts'
import { endOnSignal, fromEnvironment } from './core/environment.ts'

endOnSignal(await startProwlarr(fromEnvironment()))
