import type { Check, Finding, Scene } from '../check.ts'
import { judgeEncodes } from './judge-encode.ts'
import { withDevice } from './machine.ts'
import { parseVpl } from './parse-vpl.ts'
import { trialOf } from './trial.ts'

/** Layer 6. */
export const encode: Check = {
  id: 'video-encode',
  section: 'hardware video',
  title: 'A film is encoded in hardware',
  how: 'Encodes ten seconds of 720p as the user of Plex, with an encoder that cannot fall back to the processor.',
  seconds: 45,
  run: scene =>
    withDevice(scene, async chosen => {
      const { runs, milliseconds } = await trialOf(scene, chosen)
      const finding = judgeEncodes(runs, chosen.generation, milliseconds)
      return finding.trouble === 'video-quick-sync' ? await withRuntimes(finding, scene) : finding
    }),
}

/** Adds how many implementations of Quick Sync are found, where there is the program that tells. */
async function withRuntimes(finding: Finding, scene: Scene): Promise<Finding> {
  const { stdout, stderr } = await scene.attempt(['vpl-inspect', '-b'])
  const found = parseVpl(`${stdout}\n${stderr}`)
  return found === null
    ? finding
    : { ...finding, detail: [...(finding.detail ?? []), `implementations of Quick Sync that are found: ${found}`] }
}
