import type { Generation } from '../../graphics/generation.ts'
import type { Finding } from '../check.ts'
import { failed, passed, warned } from './sentence.ts'
import type { DriverLog, Firmware } from './parse-firmware.ts'

/** What was found out of the firmware; `log` is null when the kernel's log could not be read. */
export interface FirmwareFacts {
  readonly firmware: readonly Firmware[]
  readonly log: DriverLog | null
}

const broken = /^(?:ERROR|INIT FAIL|LOAD FAIL)/

/** Whether the firmware of a device runs and its driver is content. */
export function judgeFirmware({ firmware, log }: FirmwareFacts, generation: Generation): Finding {
  const detail = [
    ...firmware.map(
      each => `${each.file}: ${each.status ?? 'no status'}${each.version === null ? '' : `, ${each.version}`}`,
    ),
    ...[log?.wedged ?? [], log?.refused ?? []].flat(),
  ]
  const running = (kind: Firmware['kind']) => firmware.some(each => each.kind === kind && each.status === 'RUNNING')
  const missing = [
    ...firmware.filter(each => each.status === 'MISSING').map(({ file }) => file),
    ...(log?.missing ?? []).filter(file => !/_dmc/.test(file) && !running('GuC')),
  ]
  if (missing[0] !== undefined)
    return failed(
      'video-firmware-missing',
      log?.wedged == null
        ? `The graphics have no firmware: ${missing[0]} was not found`
        : `The graphics driver has given up, because the firmware ${missing[0]} was not found`,
      detail,
    )
  if (log?.wedged != null) return failed('video-wedged', 'The graphics driver has given up ("wedged")', detail)
  const bad = firmware.find(each => broken.test(each.status ?? ''))
  if (bad !== undefined || (log?.refused[0] !== undefined && !running('GuC')))
    return failed(
      'video-firmware-broken',
      `The graphics do not start their firmware${bad === undefined ? '' : ` ${bad.file}`}`,
      detail,
    )
  const troubled = judgeHistory(log, detail)
  if (troubled !== null) return troubled
  if (generation.firmware === 'none')
    return log?.started === true
      ? passed('The graphics driver has started and has no complaint; this generation needs no video firmware', detail)
      : warned('video-unseen', 'The kernel log says nothing of the graphics driver', detail)
  return judgeRunning({ firmware, log }, detail)
}

/** What has gone wrong since the start although everything runs now. */
function judgeHistory(log: DriverLog | null, detail: readonly string[]): Finding | null {
  const dmc = log?.missing.find(file => /_dmc/.test(file))
  if (dmc !== undefined)
    return warned('video-firmware-missing', `The firmware for saving power (${dmc}) was not found`, detail)
  const old = log?.missing[0]
  if (old !== undefined)
    return warned('video-firmware-old', `The firmware ${old} was not found, and an older one is used`, detail)
  if (log !== null && log.hangs > 0)
    return warned('video-hangs', `The graphics hung ${log.hangs} times since the machine was started`, detail)
  return null
}

function judgeRunning({ firmware, log }: FirmwareFacts, detail: readonly string[]): Finding {
  const of = (kind: Firmware['kind']) => firmware.filter(each => each.kind === kind)
  const runs = firmware.filter(each => each.status === 'RUNNING')
  // The helper is let in by the other program, so when it runs both do.
  const huc = runs.some(each => each.kind === 'HuC') || (of('HuC').length === 0 && log?.authenticated === true)
  const guc = of('GuC').length === 0 || runs.some(each => each.kind === 'GuC')
  if (huc && guc) {
    const named = runs.map(each => `${each.kind} ${each.version ?? 'of unknown version'}`)
    return passed(`The video firmware runs${named.length === 0 ? '' : `: ${named.join(', ')}`}`, detail)
  }
  const idle = firmware.find(each => each.status !== null && each.status !== 'RUNNING' && each.status !== 'N/A')
  return idle === undefined
    ? warned('video-unseen', 'Whether the video firmware runs cannot be seen', detail)
    : warned(
        'video-firmware-off',
        `The video firmware ${idle.file} is not running: ${idle.status ?? 'no status'}`,
        detail,
      )
}
