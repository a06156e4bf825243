import type { Ended } from '../run.ts'
import type { CheckResult } from '../wizard/checks.ts'
import { notChecked } from './results.ts'

/** Asks the network whether a device has an address already, by duplicate address detection of arping(8). */
export async function checkAddress(
  { address, port }: { readonly address: string; readonly port: string },
  run: (program: string, args: readonly string[], timeoutMs?: number) => Promise<Ended>,
): Promise<CheckResult> {
  const [host = ''] = address.split('/')
  const ended = await run('arping', ['-D', '-q', '-c', '2', '-w', '3', '-I', port, host], 8000)
  if (ended.code === 0) return { verdict: 'good', words: 'no other device answers at this address.' }
  if (ended.code === 1) {
    return { verdict: 'bad', words: `Another device has ${host} already. Choose an address that is free.` }
  }
  return notChecked(`the network port ${port} does not answer, is the cable in?`)
}
