import { setTimeout as delay } from 'node:timers/promises'
import { connect } from 'node:net'

// Tries every TCP port of an address, and tells which ones somebody answers at. Not all at once: whoever is on the way keeps
// what it saw for some seconds, and has no room for sixty thousand.
const [address = '', most = '65535'] = process.argv.slice(2)
const AT_ONCE = 2000
const WAIT_MILLISECONDS = 5000

const isOpen = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ host: address, port })
    const end = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .setTimeout(WAIT_MILLISECONDS, () => end(false))
  })

const open: number[] = []
for (let first = 1; first <= Number(most); first += AT_ONCE) {
  const ports = Array.from({ length: Math.min(AT_ONCE, Number(most) - first + 1) }, (_, index) => first + index)
  const [found] = await Promise.all([Promise.all(ports.map(isOpen)), delay(1000)])
  open.push(...ports.filter((_, index) => found[index]))
}
process.stdout.write(`${JSON.stringify(open)}\n`)
// Whoever has started it ends it, when they have read that.
process.stdin.resume()
