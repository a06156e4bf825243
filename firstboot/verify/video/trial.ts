import type { Root } from '../../root.ts'
import type { Scene } from '../check.ts'
import type { Chosen } from './devices.ts'
import { faultOf, type Run } from './judge-encode.ts'
import { asPlex, attemptMerged } from './machine.ts'
import { encodeArguments, type Way } from './parse-encode.ts'
import { addLook, noUsage, parseFdinfo, type Usage } from './parse-fdinfo.ts'
import { parseGpuTop } from './parse-gpu-top.ts'

/** A film that was encoded, and what the kernel saw of it. */
export interface Trial {
  readonly runs: readonly Run[]
  /** The last run worked. */
  readonly worked: boolean
  readonly milliseconds: number
  /** Of the last run. */
  readonly usage: Usage
  /** What intel_gpu_top measured during the last run, in percent; null where it was not asked, or says nothing. */
  readonly top: number | null
}

/** Encodes a film in hardware, once for all checks that want to know how it went. */
export const trialOf = (scene: Scene, chosen: Chosen): Promise<Trial> =>
  scene.once('video trial', async () => {
    const runs: Run[] = []
    for (const way of waysOf(chosen)) {
      const begun = scene.now()
      const { run, usage, top } = await encode(scene, chosen, way)
      runs.push(run)
      const worked = faultOf(run) === null
      // What did not end in time leaves no time for another.
      if (worked || run.code === null || way === waysOf(chosen).at(-1))
        return { runs, worked, milliseconds: scene.now() - begun, usage, top }
    }
    return { runs, worked: false, milliseconds: 0, usage: noUsage, top: null }
  })

/** The ways to try, best first, until one works. */
export function waysOf({ generation }: Pick<Chosen, 'generation'>): readonly Way[] {
  const vaapi: readonly Way[] = ['VA-API', 'VA-API, low power']
  return [
    ...(generation.quickSync ? (['Quick Sync'] as const) : []),
    ...(generation.lowPowerOnly ? vaapi.toReversed() : vaapi),
  ]
}

async function encode(
  scene: Scene,
  { node, generation }: Chosen,
  way: Way,
): Promise<{ readonly run: Run; readonly usage: Usage; readonly top: number | null }> {
  const ffmpeg = asPlex(scene, ['ffmpeg', ...encodeArguments(way, node, generation.driver)])
  let pid: string | undefined
  let usage = noUsage
  const onLine = (line: string) => {
    pid ??= /^pid=(\d+)$/.exec(line)?.[1]
    // Told ten times a second, and once more at the end, before the device is let go.
    if (line.startsWith('progress=') && pid !== undefined) usage = addLook(usage, look(scene.root, pid))
  }
  const stop = new AbortController()
  const top = generation.driver === 'i965' ? gpuTop(scene, node, stop.signal) : Promise.resolve(null)
  // The shell tells its number and becomes the program.
  const { code, text } = await attemptMerged(scene, ['sh', '-c', 'echo "pid=$$"; exec "$@"', 'sh', ...ffmpeg], onLine)
  stop.abort()
  return { run: { way, code, text }, usage, top: await top }
}

const look = (root: Root, pid: string) =>
  root
    .list(`/proc/${pid}/fdinfo`)
    .flatMap(number => parseFdinfo(root.text(`/proc/${pid}/fdinfo/${number}`) ?? '') ?? [])

/** For the generations whose work the kernel does not count for each program. It runs until the encode is over. */
async function gpuTop(scene: Scene, node: string, signal: AbortSignal): Promise<number | null> {
  const lines: string[] = []
  await scene.attempt(['timeout', '--signal=INT', '20', 'intel_gpu_top', '-J', '-s', '250', '-d', `drm:${node}`], {
    quiet: true,
    signal,
    onLine: line => void lines.push(line),
  })
  return parseGpuTop(lines.join('\n'))
}
