/** How a film is encoded: by Intel's own interface, or by VA-API in one of its two modes. */
export type Way = 'Quick Sync' | 'VA-API' | 'VA-API, low power'

/** What ffmpeg has told of one encode. */
export interface Encode {
  /** The encoder that it really used, as in `h264_vaapi`; null when it never came to that. */
  readonly encoder: string | null
  /** The VA-API driver that was opened for it. */
  readonly driver: string | null
  readonly frames: number
  /** It came to its own end. */
  readonly ended: boolean
  /** Quick Sync has no runtime for this device, or none at all. */
  readonly noRuntime: boolean
  /** A driver was found, and could not be used. */
  readonly noDriver: boolean
  /** The device could not be opened. */
  readonly notOpened: boolean
  /** The encoder cannot keep to a bit rate: its helper in the device does not run. */
  readonly noBitRate: boolean
  /** This program was built without the encoder. */
  readonly notBuilt: boolean
  /** The line that says most about a failure, or null. */
  readonly complaint: string | null
}

/** Frames of the film that is encoded: ten seconds. */
export const FRAMES = 300

/**
 * What ffmpeg is run with. Encoders by name never fall back to the processor; `-hwaccel` does, and says nothing. Quick
 * Sync is derived from VA-API, because its own choice of a device ignores the one that it is given (seen with ffmpeg
 * 7.1). A bit rate is asked for, as Plex does: some encoders keep to one only with the help of firmware.
 */
export function encodeArguments(way: Way, node: string, driver: 'iHD' | 'i965'): string[] {
  const qsv = way === 'Quick Sync'
  const words = [
    '-nostdin -hide_banner -nostats -v verbose -progress pipe:1 -stats_period 0.1',
    `-init_hw_device vaapi=va:${node},driver=${driver}`,
    qsv ? '-init_hw_device qsv=qs@va -filter_hw_device qs' : '-filter_hw_device va',
    `-f lavfi -i testsrc2=size=1280x720:rate=30:duration=${FRAMES / 30}`,
    `-vf format=nv12,hwupload${qsv ? '=extra_hw_frames=64' : ''}`,
    `-c:v ${encoderOf(way)}${way === 'VA-API, low power' ? ' -low_power 1' : ''}`,
    '-b:v 4M -maxrate 4M -f null -',
  ]
  return words.join(' ').split(' ')
}

/** The encoder that a way must have used. */
export const encoderOf = (way: Way): string => (way === 'Quick Sync' ? 'h264_qsv' : 'h264_vaapi')

const complaints = [
  /MFX session|not support|Failed to initialise|init failed|No VA display|No usable encoding|Unknown encoder/,
  /Error while opening encoder|Device creation failed|Cannot allocate|Input\/output error/,
  /Conversion failed/,
]

/** The first line of the kind that says most. */
function complaintIn(text: string): string | null {
  const lines = text.split('\n')
  const line = complaints.map(kind => lines.find(each => kind.test(each))).find(found => found !== undefined)
  return line?.replace(/^\[[^\]]*\]\s*/, '').trim() ?? null
}

/** Reads what ffmpeg printed: progress from one stream, words from the other, in any order. */
export function parseEncode(text: string): Encode {
  const last = (pattern: RegExp) => [...text.matchAll(pattern)].at(-1)?.[1]
  return {
    encoder: /^\s*Stream #0:0 -> #0:0 \(\S+ \(native\) -> \w+ \((\w+)\)\)/m.exec(text)?.[1] ?? null,
    driver: last(/VAAPI driver:[ \t]*(\S.*?)\.?\s*$/gm) ?? null,
    frames: Number(last(/^frame=[ \t]*(\d{1,9})\b/gm) ?? 0),
    ended: /^progress=end\s*$/m.test(text),
    noRuntime: /Error (?:creating a|initializing an) MFX session/.test(text),
    noDriver: /_drv_video\.so init failed|Failed to initialise VAAPI connection/.test(text),
    notOpened: /No VA display found|Failed to open \S+ as DRM device node/.test(text),
    noBitRate: /does not support (?:CBR|VBR|\w+) RC mode|rate control mode.*not supported/i.test(text),
    notBuilt: /Unknown encoder|Unrecognized hwaccel/.test(text),
    complaint: complaintIn(text),
  }
}
