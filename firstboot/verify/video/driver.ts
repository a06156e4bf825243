import type { Check, Scene } from '../check.ts'
import { judgeVainfo } from './judge-vainfo.ts'
import { asPlex, attemptMerged, withDevice } from './machine.ts'

/** Layer 5. */
export const driver: Check = {
  id: 'video-driver',
  section: 'hardware video',
  title: 'The video driver can encode',
  how: 'Runs "vainfo" on the render node as the user of Plex, and reads what the driver offers.',
  seconds: 20,
  run: scene =>
    withDevice(scene, async ({ node, card, generation }) => {
      // Older libraries do not know which driver goes with xe.
      const told = card.driver === 'xe' ? ['LIBVA_DRIVER_NAME=iHD'] : []
      const argv = ['env', ...told, 'vainfo', '--display', 'drm', '--device', node] as const
      const { code, text } = await attemptMerged(scene, asPlex(scene, argv))
      return judgeVainfo({ code, text, node, generation, nonFree: await isNonFree(scene) })
    }),
}

const FREE = 'intel-media-va-driver'

/** Whether the driver package is the one with all encoders; null when neither is there. */
async function isNonFree({ attempt }: Scene): Promise<boolean | null> {
  const format = '--showformat=${Package} ${db:Status-Status}\\n'
  const { stdout } = await attempt(['dpkg-query', '--show', format, FREE, `${FREE}-non-free`])
  const has = (name: string) => stdout.split('\n').includes(`${name} installed`)
  return has(`${FREE}-non-free`) ? true : has(FREE) ? false : null
}
