import { endOnSignal, fromEnvironment } from './core/environment.ts'
import { startDdnsUpdater } from './ddns/ddns-updater.ts'

endOnSignal(await startDdnsUpdater(fromEnvironment('/updater/data')))
