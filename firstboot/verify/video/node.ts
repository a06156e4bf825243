import type { Check } from '../check.ts'
import { unknownDevice, videoMachine } from './machine.ts'
import { judgeNodes } from './presence.ts'

/** Layer 2. */
export const node: Check = {
  id: 'video-node',
  section: 'hardware video',
  title: 'Programs can reach the graphics',
  how: 'Looks for a render node in /dev/dri that belongs to the Intel device, whatever its number.',
  seconds: 15,
  run: async scene => {
    const machine = await videoMachine(scene)
    return judgeNodes(machine, await unknownDevice(scene, machine))
  },
}
