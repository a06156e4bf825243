import type { Finding } from '../check.ts'
import { failed, passed, warned } from './sentence.ts'
import { encoderOf, FRAMES, parseEncode, type Way } from './parse-encode.ts'

/** One encode and how it ended. */
export interface Run {
  readonly way: Way
  /** Both streams together. */
  readonly text: string
  /** Null when it could not be started, or was stopped at the deadline. */
  readonly code: number | null
}

/** Null when every frame was encoded by hardware of Intel; else what was wrong. An exit code alone proves nothing. */
export function faultOf({ way, text, code }: Run): Finding | null {
  const encode = parseEncode(text)
  const { encoder, driver, frames } = encode
  const detail = encode.complaint === null ? [] : [encode.complaint]
  if (code !== 0 && (encode.notBuilt || /failed to execute ffmpeg|ffmpeg: not found|spawn \S+ ENOENT/.test(text)))
    return failed('video-tools', 'ffmpeg is not installed as it should be', detail)
  if (code === null) return failed('video-encode', `An encode by ${way} did not end in time`, detail)
  if (code !== 0) return { ...whyNot(encode, way, code), ...(detail.length === 0 ? {} : { detail }) }
  if (encoder !== encoderOf(way) || driver === null)
    return failed('video-software', 'The film was encoded by the processor, and nothing said so', [
      ...detail,
      `encoder: ${encoder ?? 'not told'}, driver: ${driver ?? 'none'}`,
    ])
  if (!/^Intel (?:iHD|i965) driver/.test(driver))
    return failed('video-wrong-driver', `The film was encoded by a driver that is not Intel's: ${driver}`, detail)
  return encode.ended && frames >= FRAMES
    ? null
    : failed('video-encode', `Only ${frames} of ${FRAMES} frames were encoded by ${way}`, detail)
}

function whyNot(encode: ReturnType<typeof parseEncode>, way: Way, code: number): Finding {
  if (encode.noRuntime) return failed('video-quick-sync', 'Quick Sync has no runtime that works with these graphics')
  if (encode.notOpened) return failed('video-permission', 'ffmpeg cannot open the graphics as the user of Plex')
  if (encode.noDriver) return failed('video-driver-refuses', 'The video driver does not start with these graphics')
  if (encode.noBitRate)
    return failed('video-firmware-off', `By ${way} no bit rate can be kept: the video firmware is not running`)
  return failed('video-encode', `Encoding by ${way} failed (code ${code})`)
}

/** What a row of attempts comes to; the last that worked counts. `wanted`: what this generation can do. */
export function judgeEncodes(
  runs: readonly Run[],
  wanted: { readonly quickSync: boolean },
  milliseconds: number,
): Finding {
  const faults = runs.map(run => ({ run, fault: faultOf(run) }))
  const good = faults.find(({ fault }) => fault === null)?.run
  const detail = faults.map(
    ({ run, fault }) => `${run.way}: ${fault === null ? 'works' : [fault.words, ...(fault.detail ?? [])].join('; ')}`,
  )
  if (good === undefined) {
    // Plex goes by VA-API, so what is wrong with that comes first.
    const first = faults.findLast(({ run }) => run.way !== 'Quick Sync') ?? faults.at(-1)
    return first?.fault == null ? failed('video-encode', 'Nothing was encoded') : { ...first.fault, detail }
  }
  const words = `${FRAMES} frames of 720p were encoded by ${good.way} in ${(milliseconds / 1000).toFixed(1)} s`
  return wanted.quickSync && good.way !== 'Quick Sync'
    ? warned('video-quick-sync', `Quick Sync does not work here; VA-API does, which Plex uses. ${words}`, detail)
    : passed(words, detail)
}
