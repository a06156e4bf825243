import { readSshKey } from '../answers/rules/ssh-key.ts'
import type { CheckResult } from '../wizard/checks.ts'
import type { Get } from './https.ts'
import { notChecked } from './results.ts'

/** Fetches the public SSH keys that GitHub shows everybody for a name. A person has to confirm them. */
export async function fetchKeys(name: string, get: Get): Promise<CheckResult> {
  const answer = await get(`https://github.com/${encodeURIComponent(name)}.keys`)
  if ('unreachable' in answer) return notChecked(answer.unreachable)
  if (answer.status === 404) return { verdict: 'bad', words: `GitHub knows nobody called ${name}.` }
  if (answer.status !== 200) return notChecked(`GitHub answers with code ${answer.status}, try again later`)
  const keys = answer.text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && 'key' in readSshKey(line))
  return keys.length === 0
    ? { verdict: 'bad', words: `${name} has no SSH key at GitHub.` }
    : { verdict: 'good', words: `these are the keys of ${name} at GitHub. Compare the fingerprints:`, found: keys }
}
