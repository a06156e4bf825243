import { dataWords } from './data-disk.ts'
import type { Status } from './read.ts'
import { verdictWords } from './verification.ts'

/** How the machine is, in lines for a shell. Pure. */
export function statusLines({ hostname, user, addresses, services, data, verification }: Status): string[] {
  const row = (name: string, words: string) => `${name.padEnd(22)} ${words}`
  return [
    row('Name', `${hostname}.local`),
    row('Addresses', addresses === null ? 'not known right now' : addresses.join('  ') || 'none'),
    ...(user === '' ? [] : [row('SSH', `ssh ${user}@${addresses?.[0] ?? `${hostname}.local`}`)]),
    ...(services ?? []).map(({ name, state, unit }) =>
      row(name, state === 'failed' ? `failed, see: journalctl -u ${unit}` : state),
    ),
    ...dataWords(data).map(words => row('Films', words)),
    row('Last proof', verification === null ? 'none yet' : verdictWords(verification.proofs)),
  ]
}
