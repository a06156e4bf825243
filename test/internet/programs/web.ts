import { readFileSync } from 'node:fs'
import { createServer as createPlainServer } from 'node:http'
import { createServer } from 'node:https'
import { createInterface } from 'node:readline'
import { PlexTv } from '../../standin/plex-tv.ts'
import { PLAIN_PLEX_TV } from '../names.ts'
import { answerAsNordVpn, type Faults, type NordVpnWorld } from '../nordvpn.ts'

// The servers of the test internet that speak https: which one is meant is told by the name that it is asked by.
// A line on standard input is JSON with the faults that NordVPN has from then on; "ok" says that they are taken. The line
// "link CODE" is a person who types a code at plex.tv/link; "linked true" or "linked false" tells whether it was known.
interface Settings {
  readonly address: string
  readonly certificate: string
  readonly key: string
  readonly nordvpn: NordVpnWorld
}
const { address, certificate, key, nordvpn } = JSON.parse(process.argv[2] ?? '{}') as Settings
let faults: Faults = {}
const plexTv = new PlexTv()

const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
  const from = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const host = (request.headers.host ?? '').replace(/:\d+$/, '')
  process.stdout.write(`${JSON.stringify({ from, host, method: request.method, url: request.url })}\n`)
  if (host === 'api.nordvpn.com') {
    const { method = '', url = '', headers } = request
    const question = { method, url, authorization: headers.authorization ?? '', from }
    const answer = answerAsNordVpn(question, nordvpn, faults)
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer.body))
    return
  }
  if (host === 'ipv4.icanhazip.com') {
    response.writeHead(200, { 'Content-Type': 'text/plain' }).end(`${from}\n`)
    return
  }
  if (host === 'plex.tv') return plexTv.listener(request, response)
  response.writeHead(404).end()
})
// For containers, which trust what their makers trust.
createPlainServer(plexTv.listener).listen(PLAIN_PLEX_TV, address)
server.listen(443, address, () => process.stdout.write('listens\n'))

createInterface({ input: process.stdin }).on('line', line => {
  const code = /^link (.+)$/.exec(line)?.[1]
  if (code !== undefined) return void process.stdout.write(`linked ${plexTv.link(code)}\n`)
  faults = JSON.parse(line) as Faults
  process.stdout.write(`ok ${line}\n`)
})
