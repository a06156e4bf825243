import { createHash } from 'node:crypto'

/** Folder of everything that Plex keeps. */
export const plexFolder = '/var/lib/plexmediaserver/Library/Application Support/Plex Media Server'
/** Where Plex keeps its settings; it writes the file anew when it ends, so others may only write it before it runs. */
export const preferencesPath = `${plexFolder}/Preferences.xml`
/** A token for programs of this machine; another one at each start of Plex. */
export const localTokenPath = `${plexFolder}/.LocalAdminToken`

/** The settings by name, as they are written in the one element of the file. */
export type PreferencesFile = Readonly<Record<string, string>>

const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' }

/** Reads the text of `Preferences.xml`; null for anything else. */
export function parsePreferences(text: string): PreferencesFile | null {
  const body = /^\s*(?:<\?xml[^>]*\?>)?\s*<Preferences((?:\s+[\w.-]+="[^"<]*")*)\s*\/>\s*$/.exec(text)?.[1]
  if (body === undefined) return null
  const pairs = [...body.matchAll(/([\w.-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value.replace(/&(\w+);/g, (whole, entity: string) => entities[entity] ?? whole),
  ])
  return Object.fromEntries(pairs) as PreferencesFile
}

/** The text of `Preferences.xml`. */
export function renderPreferences(values: PreferencesFile): string {
  const escape = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  const attributes = Object.entries(values).map(([name, value]) => ` ${name}="${escape(value)}"`)
  return `<?xml version="1.0" encoding="utf-8"?>\n<Preferences${attributes.join('')}/>\n`
}

/** The name that a server has at plex.tv, from its machine identifier (as pms-docker makes it). */
export const processedIdentifier = (machine: string): string =>
  createHash('sha1').update(`${machine}- Plex Media Server`).digest('hex')

/** The settings without the account: what is left when a server is signed out by force. */
export function withoutAccount(values: PreferencesFile): PreferencesFile {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('PlexOnline')))
}
