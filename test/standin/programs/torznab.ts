import { endOnSignal } from './core/environment.ts'
import { startTorznab } from './indexer/torznab.ts'

endOnSignal(
  await startTorznab(
    process.env['TORZNAB_FOLDER'] ?? '/torrents',
    Number(process.env['TORZNAB_PORT'] ?? 9117),
    process.env['TORZNAB_API_KEY'] ?? '',
  ),
)
