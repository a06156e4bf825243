import { removeSecrets } from '../answers/remove-secrets.ts'
import type { ConfigPartition } from '../config-partition/partition.ts'
import { writeBack } from '../config-partition/result.ts'
import type { Manifest } from '../manifest.ts'
import { progressOf } from '../progress/reduce.ts'
import type { Outcome } from './apply.ts'
import type { Request } from './request.ts'

/** Writes on the stick how a set-up ended, in plain words; once it is done, the secrets in its answers go as well. */
export async function reportToStick(
  config: ConfigPartition,
  { product, version }: Manifest,
  { answers }: Request,
  { milestones, finished }: Outcome,
): Promise<readonly string[]> {
  const at = Date.now()
  const { answersName, answersText } = await config.read()
  const day = new Date(at).toISOString().slice(0, 10)
  const cleaned = finished && answersText !== null ? removeSecrets(answersText, day) : null
  const report = {
    product,
    version,
    at,
    progress: progressOf(milestones, at),
    links: [],
    ssh: finished ? `ssh ${answers.user}@${answers.hostname}.local` : null,
    verification: null,
    notes: finished ? ['Pull out the stick before the machine starts again.'] : [],
  }
  const kept = cleaned === null || answersName === null ? null : { name: answersName, text: cleaned }
  return await config.write(writeBack(report, kept))
}
