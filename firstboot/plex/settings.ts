/** One setting of the running server, as `GET /:/prefs` tells it. */
export interface ServerSetting {
  readonly id: string
  readonly value: string
  /** For a choice: `0:Required|1:Preferred|2:Disabled`. */
  readonly choices: string
}

/** What a setting shall be: a value, or the choice with a name, since the numbers of choices are Plex's own affair. */
export type Wish = string | { readonly choice: string }

/** Where Plex puts what it transcodes: on the SSD and outside of every home, which it cannot enter. */
export const transcodeFolder = '/var/lib/plexmediaserver/Transcode'

/** How the server is set up. */
export const settingWishes = (hostname: string): Readonly<Record<string, Wish>> => ({
  FriendlyName: hostname,
  AcceptedEULA: '1',
  // Both need a Plex Pass; without one the server leaves them alone.
  HardwareAcceleratedCodecs: '1',
  HardwareAcceleratedEncoders: '1',
  TranscoderToneMapping: '1',
  TranscoderTempDirectory: transcodeFolder,
  // A film disk that is not there must not empty a library.
  autoEmptyTrash: '0',
  FSEventLibraryUpdatesEnabled: '1',
  FSEventLibraryPartialScanEnabled: '1',
  ScheduledLibraryUpdatesEnabled: '1',
  ManualPortMappingMode: '1',
  ManualPortMappingPort: '32400',
  // "Required" would shut out the services on this machine, which have no certificate to compare.
  secureConnections: { choice: 'Preferred' },
})

/**
 * The settings to write. One that this machine never wrote is written; one that it wrote and that is another now was
 * changed by the user and stays; one that the server does not know is left out. Pure.
 */
export function settingsToWrite(
  wishes: Readonly<Record<string, Wish>>,
  found: readonly ServerSetting[],
  written: Readonly<Record<string, string>>,
): Record<string, string> {
  const result: Record<string, string> = {}
  for (const [name, wish] of Object.entries(wishes)) {
    const setting = found.find(each => each.id === name)
    const value = setting === undefined ? undefined : valueOf(wish, setting)
    if (setting === undefined || value === undefined) continue
    const now = plain(setting.value)
    const before = written[name]
    if (before === undefined ? now !== value : now === plain(before) && now !== value) result[name] = value
  }
  return result
}

/** The settings that are as this machine wants them, to be remembered as written. */
export function settingsAsWished(
  wishes: Readonly<Record<string, Wish>>,
  found: readonly ServerSetting[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(wishes).flatMap(([name, wish]) => {
      const setting = found.find(each => each.id === name)
      const value = setting === undefined ? undefined : valueOf(wish, setting)
      return value !== undefined && plain(setting?.value ?? '') === value ? [[name, value]] : []
    }),
  )
}

// Truth is told as 1 and 0 in XML, and as a word in JSON.
const plain = (value: string): string => ({ true: '1', false: '0' })[value] ?? value

function valueOf(wish: Wish, { choices }: ServerSetting): string | undefined {
  if (typeof wish === 'string') return wish
  const found = choices.split('|').find(each => each.slice(each.indexOf(':') + 1) === wish.choice)
  return found?.slice(0, found.indexOf(':'))
}
