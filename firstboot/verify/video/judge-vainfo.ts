import type { Generation } from '../../graphics/generation.ts'
import type { Finding } from '../check.ts'
import { failed, passed, warned } from './sentence.ts'
import { h264Encoders, parseVainfo, type Vainfo } from './parse-vainfo.ts'

/** How a look with vainfo ended. */
export interface VainfoFacts {
  /** Both streams together. */
  readonly text: string
  /** Null when it could not be started or was stopped. */
  readonly code: number | null
  readonly node: string
  readonly generation: Generation
  /** The package with all encoders is the installed one; null when that is not known. */
  readonly nonFree: boolean | null
}

/** Whether the VA-API driver works and can encode. */
export function judgeVainfo({ text, code, node, generation, nonFree }: VainfoFacts): Finding {
  const info = parseVainfo(text)
  const detail = text
    .split('\n')
    .filter(line => /error|failed|Driver version|H264|HEVCMain\s*:|returns/i.test(line))
    .slice(0, 20)
  if (code !== 0 || info.driver === null) return { ...whyNone(info, code, node, generation), detail }
  if (info.kind !== 'iHD' && info.kind !== 'i965')
    return failed('video-wrong-driver', `${node} was opened by a driver that is not Intel's: ${info.driver}`, detail)
  const encoders = h264Encoders(info)
  if (encoders.length === 0)
    return info.notLoaded.length > 0
      ? failed(
          'video-driver-broken',
          `${info.notLoaded[0]} cannot be loaded, and the older driver cannot encode`,
          detail,
        )
      : failed('video-cannot-encode', `The driver (${info.driver}) cannot encode H.264`, detail)
  const modes = [...new Set(encoders.map(({ entry }) => (entry === 'EncSlice' ? 'normal' : 'low power')))]
  const words = `${tidy(info.driver)}: decodes ${info.decoders} profiles${info.decodesHevc ? ' with HEVC' : ''}, encodes H.264 (${modes.join(', ')})`
  if (info.kind === 'i965' && generation.driver === 'iHD')
    return info.notLoaded.length > 0
      ? warned(
          'video-driver-broken',
          `The older driver is used, because the right one cannot be loaded. ${words}`,
          detail,
        )
      : warned('video-old-driver', `The older driver is used, because the right one did not start. ${words}`, detail)
  if (info.kind === 'iHD' && nonFree === false)
    return warned('video-free-driver', `The driver is the one with fewer encoders. ${words}`, detail)
  if (generation.hevc && !info.decodesHevc)
    return warned('video-no-hevc', `The driver does not decode HEVC, although these graphics can. ${words}`, detail)
  return passed(words, detail)
}

const tidy = (driver: string): string => driver.replaceAll('(R)', '').replace(/ \(\)$/, '')

function whyNone(info: Vainfo, code: number | null, node: string, generation: Generation): Finding {
  if (code === null || code === 126 || code === 127)
    return failed('video-tools', 'vainfo could not be run, or did not end in time')
  if (info.notOpened) return failed('video-permission', `The user of Plex cannot open ${node}`)
  if (info.notGraphics) return failed('video-node-of-nothing', `${node} is no graphics device`)
  if (info.noDevice) return failed('video-no-node', 'There is no graphics device that a video driver could open')
  if (info.noDriverName) return failed('video-wrong-driver', `The kernel driver of ${node} has no video driver`)
  if (info.unknownChip)
    return failed('video-kernel-too-old', `The kernel does not tell the video driver what ${node} is: it is too old`)
  if (info.missingSymbol !== null)
    return failed(
      'video-driver-broken',
      `The video driver does not fit its libraries (${info.missingSymbol} is missing)`,
    )
  const refused = info.refused.at(-1)
  if (refused !== undefined)
    return failed(
      // Whatever is newer than the table of generations is also the first to be unknown to a driver.
      generation.firmware === 'by itself' ? 'video-driver-too-old' : 'video-driver-refuses',
      `The video driver ${refused} does not start with these graphics (${generation.name})`,
    )
  const absent = info.notLoaded.at(-1)
  if (absent === 'xe_drv_video.so')
    return failed(
      'video-driver-too-old',
      'The video library is older than the graphics: it does not know their driver xe',
    )
  if (absent !== undefined) return failed('video-driver-missing', `The video driver ${absent} is not installed`)
  return failed('video-driver-refuses', `No video driver could be opened for ${node}`)
}
