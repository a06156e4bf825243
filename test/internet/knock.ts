import { join } from 'node:path'
import type { Knock } from './programs/knock.ts'
import type { Running, Space } from './space.ts'

const SCAN_SECONDS = 600

const program = (name: string): string => join(import.meta.dirname, 'programs', name)

/** Tries all of these from a space at once; gives what came back for each, null where nothing did. */
export async function knock(space: Space, knocks: readonly Knock[]): Promise<(string | null)[]> {
  const text = await space.run(process.execPath, program('knock.ts'), JSON.stringify(knocks))
  return JSON.parse(text) as (string | null)[]
}

/** The TCP ports of an address where somebody answers, as seen from a space. */
export async function openPorts(space: Space, address: string, most = 65_535): Promise<number[]> {
  const scan = space.start([process.execPath, program('scan.ts'), address, String(most)])
  const text = await scan.waitFor(/^\[/, SCAN_SECONDS)
  await scan.stop()
  return JSON.parse(text) as number[]
}

/** Answers at these addresses and ports of a space, over TCP and UDP, with the sender's address. */
export async function answerAt(space: Space, addresses: readonly string[], ports: readonly number[]): Promise<Running> {
  const running = space.start([process.execPath, program('echo.ts'), JSON.stringify([addresses, ports])])
  for (const address of addresses)
    for (const port of ports)
      for (const protocol of ['tcp', 'udp']) await running.waitFor(new RegExp(`^${protocol} ${address} ${port}$`))
  return running
}
