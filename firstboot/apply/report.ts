import { removeSecrets } from '../answers/remove-secrets.ts'
import type { ConfigPartition } from '../config-partition/partition.ts'
import { writeBack } from '../config-partition/result.ts'
import type { Manifest } from '../manifest.ts'
import { progressOf } from '../progress/reduce.ts'
import type { Outcome } from './apply.ts'
import { isFromStick, type Request } from './request.ts'

const PROVEN =
  'Nothing is proven yet of what only runs on the new system: hardware video, VPN, kill switch, services. It proves itself at its first start.'

/** What a person should know who only has the stick. Pure. */
export const notesFor = (mode: Request['plan']['mode']): string[] =>
  mode === 'in-place'
    ? [PROVEN, 'The result is written here then, as VERIFY.txt; and "mediaserver status" tells it.']
    : [
        'Pull out the stick before the machine starts again.',
        PROVEN,
        'The result is on its screen, and "mediaserver status" tells it. If this stick is in the machine again before that is done, it is written here too, as VERIFY.txt.',
      ]

const CORRECTED =
  'Answers may be changed on this stick before: the set-up then begins anew with them, after its countdown, and erases what it has made. Unchanged, it goes on where it stopped.'

/** Writes on the stick how a set-up ended, in plain words; once it is done, the secrets in its answers go as well. */
export async function reportToStick(
  config: ConfigPartition,
  { product, version }: Manifest,
  request: Request,
  { milestones, finished }: Outcome,
): Promise<readonly string[]> {
  const at = Date.now()
  const { answers, plan } = request
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
    // Only the new system can be verified, and it does not run yet.
    verification: null,
    notes: finished ? notesFor(plan.mode) : isFromStick(request) ? [CORRECTED] : [],
  }
  const kept = cleaned === null || answersName === null ? null : { name: answersName, text: cleaned }
  return await config.write(writeBack(report, kept))
}
