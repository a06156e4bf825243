import type { Running, Space } from './space.ts'

/** Starts a name server in a space that knows nothing but what it is told here, and waits until it answers. */
export async function startNameServer(space: Space, options: readonly string[]): Promise<Running> {
  const server = space.start([
    'dnsmasq',
    '--no-daemon',
    '--conf-file=/dev/null',
    '--pid-file=',
    '--user=root',
    '--no-resolv',
    '--no-hosts',
    '--log-facility=-',
    ...options,
  ])
  await server.waitFor(/started/)
  return server
}
