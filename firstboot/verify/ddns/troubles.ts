import { restartContainers } from '../../docker/restart.ts'
import type { Scene } from '../check.ts'
import type { Trouble } from '../trouble.ts'

const AGAIN = 'See whether it is well: "sudo mediaserver verify ddns".'
const LOGS = 'See what it says: "sudo docker logs --tail 50 ddns-updater".'

/** It asks and tells at once when it starts. */
async function restartUpdater({ attempt }: Scene): Promise<string> {
  const { code, stderr } = await restartContainers(['ddns-updater'], { attempt })
  if (code !== 0) throw new Error(`ddns-updater does not start: ${stderr.trim().split('\n')[0] ?? ''}`)
  return 'ddns-updater was started anew, and tells the provider within a minute.'
}

/** Everything that can be wrong with keeping the DNS provider up to date. */
export const ddnsTroubles: readonly Trouble[] = [
  {
    id: 'ddns-stopped',
    symptom: 'When the address of this home changes, the domain does not open any more',
    cause: 'The updater does not run.',
    mend: ['Start it: "sudo docker start ddns-updater". If that fails: "sudo mediaserver apply".', LOGS, AGAIN],
    remedy: restartUpdater,
  },
  {
    id: 'ddns-refused',
    symptom: 'The domain does not open from outside',
    cause: 'The DNS provider does not take what it is told: mostly the key is wrong or has ended.',
    mend: [
      LOGS,
      'Make a new key at your DNS provider, and allow it there for this domain.',
      'Answer with it: "sudo mediaserver setup".',
      AGAIN,
    ],
  },
  {
    id: 'ddns-never',
    symptom: 'The domain does not open from outside',
    cause: 'The DNS provider was not told about the name yet, or it did not take it.',
    mend: ['Have it tried again: "sudo docker restart ddns-updater".', LOGS, AGAIN],
    remedy: restartUpdater,
  },
  {
    id: 'ddns-starting',
    symptom: 'The domain does not open yet',
    cause: 'The updater was started a moment ago.',
    mend: ['Wait five minutes.', AGAIN],
  },
  {
    id: 'ddns-old',
    symptom: 'The domain does not open since the address of this home has changed',
    cause: 'The updater has not noticed yet, or could not tell the provider.',
    mend: [
      'Wait ten minutes: it looks every five.',
      'Have it look at once: "sudo docker restart ddns-updater".',
      LOGS,
      AGAIN,
    ],
    remedy: restartUpdater,
  },
  {
    id: 'ddns-home-unknown',
    symptom: 'It is not known whether the DNS provider has the right address',
    cause: 'Nobody could be asked which address this home has.',
    mend: ['Is there internet at all? Look at the router.', AGAIN],
  },
]
