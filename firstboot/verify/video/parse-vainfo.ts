/** What a VA-API driver can do, and what libva and vainfo said on the way. */
export interface Vainfo {
  /** As the driver names itself; null when none was opened. */
  readonly driver: string | null
  readonly kind: 'iHD' | 'i965' | 'Mesa' | 'NVIDIA' | 'other' | null
  /** Profiles with an encoder and what it is called, as in `VAProfileH264High` → `EncSlice`. */
  readonly encoders: readonly { readonly profile: string; readonly entry: 'EncSlice' | 'EncSliceLP' }[]
  /** How many profiles can be decoded. */
  readonly decoders: number
  /** HEVC (H.265) of eight bits, in which many films of today are, can be decoded. */
  readonly decodesHevc: boolean
  /** The device could not be opened: it is not there, or one may not. vainfo says the same of both. */
  readonly notOpened: boolean
  /** There is no graphics device at all. */
  readonly noDevice: boolean
  /** What was opened is no graphics device. */
  readonly notGraphics: boolean
  /** Driver files that are not there or cannot be loaded, without their folder. */
  readonly notLoaded: readonly string[]
  /** A symbol that a driver misses in a library: packages of different age. */
  readonly missingSymbol: string | null
  /** Drivers that were loaded and do not work with this device or kernel. */
  readonly refused: readonly string[]
  /** The kernel does not tell which device it is: it is too old for it. */
  readonly unknownChip: boolean
  /** The kernel's driver has no VA-API driver at all. */
  readonly noDriverName: boolean
}

const all = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(match => match[1] ?? '')),
]

/** Reads what vainfo printed, both streams together. Formats: libva-utils 2.12 to 2.23, libva's own messages. */
export function parseVainfo(text: string): Vainfo {
  const driver = [...text.matchAll(/^vainfo: Driver version:[ \t]*(\S.*?)\s*$/gm)].at(-1)?.[1] ?? null
  const rows = [...text.matchAll(/^\s+(VAProfile\w+)\s*:\s*VAEntrypoint(\w+)\s*$/gm)].map(
    ([, profile = '', entry = '']) => ({ profile, entry }),
  )
  const opened = all(text, /Trying to open (\S+)/g)
  const initialised = text.includes('Found init function')
  return {
    driver,
    kind: driver === null ? null : kindOf(driver),
    encoders: rows.filter((row): row is Vainfo['encoders'][number] => /^EncSlice(?:LP)?$/.test(row.entry)),
    decoders: rows.filter(row => row.entry === 'VLD').length,
    decodesHevc: rows.some(row => row.profile === 'VAProfileHEVCMain' && row.entry === 'VLD'),
    notOpened: /^Failed to open the given device/m.test(text),
    noDevice: /failed to initialize display/.test(text),
    notGraphics: /^Failed to (?:get )?a DRM display/m.test(text),
    notLoaded: [
      ...all(text, /dlopen of (\S+) failed/g),
      ...(/va_openDriver\(\) returns -1/.test(text) && !initialised ? opened : []),
    ].map(path => path.slice(path.lastIndexOf('/') + 1)),
    missingSymbol: /undefined symbol: (\w+)/.exec(text)?.[1] ?? null,
    refused: all(text, /(\w+_drv_video\.so) init failed/g),
    unknownChip: /get chip id failed/.test(text),
    noDriverName: /driver_name = \(null\)/.test(text),
  }
}

function kindOf(driver: string): Exclude<Vainfo['kind'], null> {
  if (driver.startsWith('Intel iHD driver')) return 'iHD'
  if (driver.startsWith('Intel i965 driver')) return 'i965'
  if (driver.startsWith('Mesa Gallium')) return 'Mesa'
  return /NVDEC|nvidia/i.test(driver) ? 'NVIDIA' : 'other'
}

/** The encoders of H.264, in the three profiles that televisions and browsers take. */
export const h264Encoders = ({ encoders }: Pick<Vainfo, 'encoders'>): Vainfo['encoders'] =>
  encoders.filter(({ profile }) => /^VAProfileH264(?:Main|High|ConstrainedBaseline)$/.test(profile))
