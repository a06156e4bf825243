import type { Check } from '../check.ts'
import { failed } from './sentence.ts'
import { judgeBusy } from './judge-busy.ts'
import { judgeEncodes } from './judge-encode.ts'
import { withDevice } from './machine.ts'
import { trialOf } from './trial.ts'

/** Layer 7. */
export const busy: Check = {
  id: 'video-busy',
  section: 'hardware video',
  title: 'The video engine did the work',
  how: 'Reads what the kernel counted for the encoding program at the video engine of the Intel device.',
  seconds: 45,
  run: scene =>
    withDevice(scene, async chosen => {
      const { runs, worked, usage, top, milliseconds } = await trialOf(scene, chosen)
      if (worked) return judgeBusy(usage, chosen.card.address, top)
      const { trouble = '', words } = judgeEncodes(runs, chosen.generation, milliseconds)
      return failed(trouble, `Nothing was encoded that the engine could have worked for. ${words}`)
    }),
}
