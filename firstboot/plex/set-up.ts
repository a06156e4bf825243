import { readFile } from 'node:fs/promises'
import type { Secret } from '../answers/secret.ts'
import { ChangeFailure } from '../apply/failure.ts'
import { writeDurably } from '../apply/durable.ts'
import type { PlexDoors } from './account.ts'
import type { FilmFolders } from './film-folders.ts'
import type { PlexUser } from './install.ts'
import { librariesToMake, libraryWishes } from './libraries.ts'
import { preferencesPath, processedIdentifier, renderPreferences } from './preferences-file.ts'
import { PlexServer } from './server.ts'
import { settingsAsWished, settingsToWrite, settingWishes } from './settings.ts'
import type { PlexState } from './state.ts'

/** What the server is set up with. */
export interface SetUpWishes {
  readonly hostname: string
  readonly language: string
  /** Where films lie on disks that were kept. */
  readonly films?: FilmFolders
}

/** The server of this machine. */
export const serverOf = (doors: PlexDoors): PlexServer => new PlexServer(doors.ask, doors.server, doors.pauseMs)

/** Writes the first settings of a server that was claimed before it ever ran; later ones belong to the server. */
export async function seedPreferences(
  { machine, token }: PlexState,
  user: PlexUser,
  at: (path: string) => string,
): Promise<void> {
  const there = (await readFile(at(preferencesPath), 'utf8').catch(() => null)) !== null
  if (there || machine === undefined || token === undefined) return
  const values = {
    MachineIdentifier: machine,
    ProcessedMachineIdentifier: processedIdentifier(machine),
    PlexOnlineToken: token.reveal(),
    AcceptedEULA: '1',
  }
  await writeDurably(at(preferencesPath), renderPreferences(values), { mode: 0o600, ...user })
}

/** Whether settings or libraries are missing. */
export async function isSetUp(
  server: PlexServer,
  wishes: SetUpWishes,
  state: PlexState,
  access: Secret | undefined,
): Promise<boolean> {
  const found = await server.settings(access)
  if (Object.keys(settingsToWrite(settingWishes(wishes.hostname), found, state.preferences)).length > 0) return false
  const libraries = await server.libraries(access)
  return librariesToMake(libraryWishes(wishes.language), libraries, state.libraries).length === 0
}

/** Writes the settings and makes the libraries that are missing; gives what is to be remembered of it. */
export async function setUp(
  server: PlexServer,
  { hostname, language, films }: SetUpWishes,
  state: PlexState,
  access: Secret | undefined,
  signal: AbortSignal,
): Promise<PlexState> {
  const wishes = settingWishes(hostname)
  await server.set(settingsToWrite(wishes, await server.settings(access), state.preferences), access)
  const preferences = { ...state.preferences, ...settingsAsWished(wishes, await server.settings(access)) }
  const all = libraryWishes(language, films)
  for (const { folder, requests } of librariesToMake(all, await server.libraries(access), state.libraries)) {
    let made = false
    for (const request of requests) made ||= await server.makeLibrary(request, signal, access)
    if (!made)
      throw new ChangeFailure(
        `Plex does not take the folder ${folder} as a library.`,
        'Is the folder there? Make the library by hand in Plex, or run "sudo mediaserver apply".',
      )
  }
  const there = new Set((await server.libraries(access)).flatMap(library => library.folders))
  const libraries = all.map(({ folder }) => folder).filter(folder => there.has(folder))
  return { ...state, preferences, libraries: [...new Set([...state.libraries, ...libraries])] }
}
