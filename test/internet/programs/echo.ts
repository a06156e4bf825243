import { createSocket } from 'node:dgram'
import { createServer, isIPv6 } from 'node:net'

// Answers everything that comes to these addresses and ports, over TCP and UDP, with the address that it came from.
const [addresses, ports] = JSON.parse(process.argv[2] ?? '[[],[]]') as [string[], number[]]

for (const address of addresses) {
  for (const port of ports) {
    const tcp = createServer(socket => {
      socket.on('error', () => {}).end(`${socket.remoteAddress ?? ''}\n`)
    })
    tcp.listen({ port, host: address, ipv6Only: true }, () => process.stdout.write(`tcp ${address} ${port}\n`))
    const udp = isIPv6(address) ? createSocket({ type: 'udp6', ipv6Only: true }) : createSocket('udp4')
    udp.on('message', (_, { address: asker, port: from }) => udp.send(asker, from, asker))
    udp.bind(port, address, () => process.stdout.write(`udp ${address} ${port}\n`))
  }
}
