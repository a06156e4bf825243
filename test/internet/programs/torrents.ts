import { createServer } from 'node:http'
import { isIPv4 } from 'node:net'
import { startTorznab } from '../../standin/programs/indexer/torznab.ts'
import { bencode } from '../torrent.ts'

// A feed of Torznab and a tracker (BEP 3, BEP 23) that knows one peer. Each announcement is told on a line: from whom.
interface Settings {
  readonly folder: string
  readonly apiKey: string
  readonly feedPort: number
  readonly trackerPort: number
  readonly peer: { readonly address: string; readonly port: number }
}
const { folder, apiKey, feedPort, trackerPort, peer } = JSON.parse(process.argv[2] ?? '{}') as Settings
if (!isIPv4(peer.address)) throw new Error('The peer needs an address of IPv4.')
const peers = Buffer.from([...peer.address.split('.').map(Number), peer.port >> 8, peer.port & 0xff])

const tracker = createServer((question, response) => {
  const { pathname } = new URL(question.url ?? '/', 'http://tracker')
  if (pathname !== '/announce') return response.writeHead(404).end()
  process.stdout.write(`announced ${(question.socket.remoteAddress ?? '').replace(/^::ffff:/, '')}\n`)
  return response.writeHead(200, { 'Content-Type': 'text/plain' }).end(bencode({ interval: 60, peers }))
})
await startTorznab(folder, feedPort, apiKey)
tracker.listen(trackerPort, () => process.stdout.write('listens\n'))
