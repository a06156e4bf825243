/** One program that runs inside the graphics device, as the driver's debugfs tells of it. */
export interface Firmware {
  readonly kind: 'GuC' | 'HuC'
  readonly file: string
  /** In the driver's own word: `RUNNING`, `MISSING`; null when it is not told. */
  readonly status: string | null
  readonly version: string | null
}

/** Reads `guc_info` and `huc_info` of i915 and xe, one or several after the other. */
export function parseFirmware(text: string): Firmware[] {
  const parts = text.split(/^(?=(?:GuC|HuC) firmware:)/m)
  return parts.flatMap((part): Firmware[] => {
    const [, kind, file = ''] = /^(GuC|HuC) firmware:\s*(\S*)/.exec(part) ?? []
    if (kind === undefined) return []
    return [
      {
        kind: kind as Firmware['kind'],
        file,
        status: /^\s+status:[ \t]*(\S.*?)\s*$/m.exec(part)?.[1] ?? null,
        version: /^\s+(?:version:.*\b)?found (?:\w+ version )?([\d.]+)/m.exec(part)?.[1] ?? null,
      },
    ]
  })
}

/** What the kernel's log says of the graphics driver, since the machine was started. */
export interface DriverLog {
  /** The driver has come up. */
  readonly started: boolean
  /** The line with which it gave up for good, or null. */
  readonly wedged: string | null
  /** Firmware files that were not found, as in `i915/tgl_guc_70.bin`. */
  readonly missing: readonly string[]
  /** Lines that tell of firmware that did not start. */
  readonly refused: readonly string[]
  /** How often the device hung and was started anew. */
  readonly hangs: number
  /** The helper of the encoders was let in, which happens only when both programs run. */
  readonly authenticated: boolean
  /** Number of a device that this kernel is too old for, as in `46d4`, or null. */
  readonly unknownDevice: string | null
}

/** Lines of the kernel's log that may be about graphics. */
export const isAboutGraphics = (line: string): boolean => /\b(?:i915|xe|drm)\b|GT\d:|[gh]uc\b/i.test(line)

const refusals = new RegExp(
  [
    '(?:GuC|HuC|uC) (?:initialization|load|firmware load|authentication) failed',
    'Enabling uc failed',
    'Failed to initialize (?:GPU|uC)',
    'firmware signature verification failed',
  ].join('|'),
  'i',
)

/** Reads the kernel's log, without times. Its words: drivers/gpu/drm/i915 and drivers/gpu/drm/xe of the kernel. */
export function parseDriverLog(lines: readonly string[]): DriverLog {
  const first = (pattern: RegExp) => lines.find(line => pattern.test(line)) ?? null
  const missing = lines.flatMap(line => {
    const file = /\b((?:i915|xe)\/[\w.-]+\.bin)\b/.exec(line)?.[1]
    return file !== undefined && /fail|error|not found|-ENOENT/i.test(line) ? [file] : []
  })
  return {
    started: first(/Initialized (?:i915|xe)\b/) !== null,
    wedged: first(/declaring it wedged|declared device \S+ as wedged|device wedged|GPU is wedged/i),
    missing: [...new Set(missing)],
    refused: lines.filter(line => refusals.test(line)),
    hangs: lines.filter(line => /GPU HANG|Engine reset: engine_class/i.test(line)).length,
    authenticated: first(/HuC:? authenticated/i) !== null,
    unknownDevice:
      /Your graphics device ([0-9a-f]{4}) is not (?:properly|officially) supported/i.exec(
        first(/Your graphics device/i) ?? '',
      )?.[1] ?? null,
  }
}
