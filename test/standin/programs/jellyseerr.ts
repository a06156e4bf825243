import { endOnSignal, fromEnvironment } from './core/environment.ts'
import { startJellyseerr } from './requests/jellyseerr.ts'

endOnSignal(await startJellyseerr(fromEnvironment('/app/config')))
