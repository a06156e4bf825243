import type { Finding } from '../check.ts'
import { failed, passed, warned } from './sentence.ts'
import type { Usage } from './parse-fdinfo.ts'

/** Less than this is no work: the shortest encode of ten seconds of film takes a hundred times as long. */
const LEAST_NS = 1_000_000

/**
 * Whether the video engine of a device did the work. The program was new, so all that the kernel has counted for it
 * belongs to this one film. `top`: what intel_gpu_top measured meanwhile in percent, where the kernel does not count.
 */
export function judgeBusy(usage: Usage, device: string, top: number | null): Finding {
  const here = usage.clients.filter(client => client.device === device)
  const counted = here.flatMap(({ video }) => (video === null ? [] : [video]))
  const detail = usage.clients.map(
    client =>
      `${client.driver} ${client.device}, client ${client.id}: ` +
      (client.video === null ? 'not counted' : `${client.video.busy} ${client.video.unit} of video`),
  )
  const ns = sum(counted.filter(({ unit }) => unit === 'ns').map(({ busy }) => busy))
  const ticks = sum(counted.filter(({ unit }) => unit === 'ticks').map(({ busy }) => busy))
  if (ns >= LEAST_NS) return passed(`The video engine worked ${seconds(ns)} for ten seconds of film`, detail)
  if (ticks > 0) return passed(`The video engine counted ${ticks} ticks for ten seconds of film`, detail)
  const elsewhere = usage.clients.find(client => client.device !== device && (client.video?.busy ?? 0) > 0)
  if (elsewhere !== undefined)
    return failed('video-two-devices', `Another device (${elsewhere.device}) did the work instead of ${device}`, detail)
  if (top !== null && top > 0)
    return passed(`The video engine was busy to ${top.toFixed(1)} % while a film was encoded`, detail)
  if (counted.length > 0 || top !== null)
    return failed('video-engine-idle', 'A film was encoded, and the video engine had nothing to do', detail)
  return warned(
    'video-engine-unseen',
    here.length === 0
      ? `The encode was over before one could look at the engine (${usage.looks} looks)`
      : 'The kernel does not count the work of the video engine for these graphics',
    detail,
  )
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const seconds = (ns: number): string => `${(ns / 1e9).toFixed(2)} s`
