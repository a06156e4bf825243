import type { Check } from '../check.ts'
import { videoMachine } from './machine.ts'
import { judgeCards } from './presence.ts'

/** Layer 1. */
export const gpu: Check = {
  id: 'video-gpu',
  section: 'hardware video',
  title: 'Intel graphics are there',
  how: 'Looks for a display device of Intel on the PCI bus.',
  seconds: 5,
  run: async scene => judgeCards(await videoMachine(scene)),
}
