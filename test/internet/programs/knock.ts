import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'

/** One attempt to reach somebody; `from` is the sender's address, which has to be one of the machine's own. */
export interface Knock {
  readonly protocol: 'tcp' | 'udp'
  readonly to: string
  readonly port: number
  readonly from?: string
}

const WAIT_MILLISECONDS = 700

/** What came back; null when nothing did. */
function knock({ protocol, to, port, from }: Knock): Promise<string | null> {
  return new Promise(resolve => {
    let end = (() => {}) as (answer: string | null) => void
    if (protocol === 'tcp') {
      const socket = connect({ host: to, port, ...(from === undefined ? {} : { localAddress: from }) })
      let text = ''
      end = answer => {
        socket.destroy()
        resolve(answer)
      }
      socket
        .on('data', (part: Buffer) => (text += part.toString()))
        .on('end', () => end(text.trim()))
        .on('error', () => end(null))
    } else {
      const socket = createSocket(isIPv6(to) ? 'udp6' : 'udp4')
      end = answer => {
        end = () => {}
        socket.close()
        resolve(answer)
      }
      socket.on('message', (message: Buffer) => end(message.toString().trim())).on('error', () => end(null))
      socket.bind({ port: 0, ...(from === undefined ? {} : { address: from }) }, () =>
        socket.send('knock', port, to, error => error && end(null)),
      )
    }
    setTimeout(() => end(null), WAIT_MILLISECONDS)
  })
}

const knocks = JSON.parse(process.argv[2] ?? '[]') as Knock[]
process.stdout.write(JSON.stringify(await Promise.all(knocks.map(knock))))
process.exit(0)
