import { dataWords } from './data-disk.ts'
import type { Status } from './read.ts'
import { ageWords, isStale } from '../verify/age.ts'
import { type Verification, verdictWords } from '../verify/verification.ts'

/** How the machine is, in lines for a shell. Pure; `now` in Unix milliseconds. */
export function statusLines(status: Status, now: number): string[] {
  const { hostname, user, addresses, services, firstSetUp, data, closed, verification, verifying } = status
  const row = (name: string, words: string) => `${name.padEnd(22)} ${words}`
  return [
    row('Name', `${hostname}.local`),
    row('Addresses', addresses === null ? 'not known right now' : addresses.join('  ') || 'none'),
    ...(user === '' ? [] : [row('SSH', `ssh ${user}@${addresses?.[0] ?? `${hostname}.local`}`)]),
    ...(firstSetUp ? [row('Services', 'not set up yet; that begins by itself when the machine starts')] : []),
    ...(services ?? []).map(({ name, state, look }) => row(name, state === 'failed' ? `failed, see: ${look}` : state)),
    ...(closed === null ? [] : [row('From outside', `closed. ${closed}`)]),
    ...dataWords(data).map(words => row('Films', words)),
    ...proofLines(verification, now).map((words, index) => row(index === 0 ? 'Last proof' : '', words)),
    ...(verifying === null ? [] : [row('', `being verified right now: ${verifying.done} of ${verifying.total}`)]),
  ]
}

function proofLines(verification: Verification | null, now: number): string[] {
  if (verification === null) return ['none yet; type "sudo mediaserver verify"']
  const { at, results } = verification
  const bad = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
  return [
    `${verdictWords(results)}, ${ageWords(at, now)}`,
    ...(isStale(at, now) ? ['It is made every hour, and was not. See: systemctl status mediaserver-verify.timer'] : []),
    ...bad.map(({ verdict, title, words }) => `${verdict}  ${title}: ${words}`),
    ...(bad.length > 0 ? ['The way out: sudo mediaserver doctor'] : []),
  ]
}
