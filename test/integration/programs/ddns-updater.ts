import { endOnSignal, fromEnvironment } from '../../standin/programs/core/environment.ts'
import { startDdnsUpdater } from '../../standin/programs/ddns/ddns-updater.ts'

// The stand-in for ddns-updater, with its settings in a folder.
endOnSignal(await startDdnsUpdater({ ...fromEnvironment(process.argv[2]), pollMilliseconds: 200 }))
