import { createHash } from 'node:crypto'
import { Secret } from '../../answers/secret.ts'
import type { Link, Look, Stack, Wires } from '../link.ts'
import { rememberSeen, type Settings, settle } from '../settle.ts'

type Value = string | number | boolean | Secret

// A form of flat names: the same thing as JSON is thanked for, and thrown away.
const formOf = (settings: Settings): [string, string | Secret][] =>
  Object.entries(settings).map(([name, value]) => [
    `settings-${name.replace('.', '-')}`,
    value instanceof Secret ? value : String(value as Value),
  ])

function settingsOf({ keys, places }: Stack): Settings {
  const program = (name: 'sonarr' | 'radarr') => ({
    [`general.use_${name}`]: true,
    [`${name}.ip`]: places[name].inside.host,
    [`${name}.port`]: places[name].inside.port,
    [`${name}.ssl`]: false,
    [`${name}.apikey`]: keys.apiKeys[name],
  })
  const { user, password } = keys.logins.bazarr
  return {
    ...program('sonarr'),
    ...program('radarr'),
    'auth.type': 'form',
    'auth.username': user,
    // Bazarr shows the MD5 that it keeps; what it is told it makes an MD5 of.
    'auth.password': createHash('md5').update(password.reveal()).digest('hex'),
    'analytics.enabled': false,
  }
}

type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const flat = (sections: Sections): Settings =>
  Object.fromEntries(
    Object.entries(sections).flatMap(([section, values]) =>
      Object.entries(values ?? {}).map(([name, value]) => [`${section}.${name}`, value]),
    ),
  )

const PAGE = '/api/system/settings'

async function lookAtSettings(wires: Wires): Promise<Look> {
  const api = wires.api('bazarr')
  const found = flat(await api.get<Sections>(PAGE))
  const { write, theirs, wrote } = settle('bazarr/settings', settingsOf(wires.stack), found, wires.memory)
  if (Object.keys(write).length === 0) return { writes: [], theirs }
  const { password } = wires.stack.keys.logins.bazarr
  const send = async () => {
    const told = Object.hasOwn(write, 'auth.password') ? { ...write, 'auth.password': password } : write
    await api.send('POST', PAGE, { form: formOf(told) })
    wrote()
  }
  return { writes: [{ send }], theirs }
}

interface Language {
  readonly code2: string
  readonly name: string
  readonly enabled: boolean
}

interface Profile extends Record<string, unknown> {
  readonly profileId: number
}

/** Two letters of the language that a locale is of; English for what has none. */
const languageOf = (locale: string): string => /^([a-z]{2})(?:[_.@]|$)/.exec(locale)?.[1] ?? 'en'

const profileOf = (id: number, { code2, name }: Language): Profile => ({
  profileId: id,
  name,
  cutoff: null,
  items: [{ id: 1, language: code2, audio_exclude: 'False', hi: 'False', forced: 'False' }],
  mustContain: [],
  mustNotContain: [],
  originalFormat: null,
  tag: null,
})

/** Which language subtitles are in. It lies in Bazarr's database, so nothing but its interface can set it. */
async function lookAtLanguages(wires: Wires): Promise<Look> {
  const api = wires.api('bazarr')
  const profiles = await api.get<readonly Profile[]>('/api/system/languages/profiles')
  if (profiles.length > 0) {
    rememberSeen('bazarr/languages', { there: true }, wires.memory)
    return { writes: [], theirs: [] }
  }
  if (wires.memory.get('bazarr/languages/there') !== undefined) return { writes: [], theirs: ['removed'] }
  const languages = await api.get<readonly Language[]>('/api/system/languages')
  const wanted = languageOf(wires.stack.language)
  const language = languages.find(each => each.code2 === wanted) ?? languages.find(each => each.code2 === 'en')
  if (language === undefined) return { writes: [], theirs: [] }
  const enabled = new Set([...languages.filter(each => each.enabled).map(each => each.code2), language.code2])
  const profile = profileOf(1, language)
  const defaults = {
    'general.serie_default_enabled': true,
    'general.serie_default_profile': profile.profileId,
    'general.movie_default_enabled': true,
    'general.movie_default_profile': profile.profileId,
  }
  const send = async () => {
    const form: [string, string | Secret][] = [
      ...[...enabled].map((code): [string, string] => ['languages-enabled', code]),
      ['languages-profiles', JSON.stringify([profile])],
      ...formOf(defaults),
    ]
    await api.send('POST', PAGE, { form })
  }
  return { writes: [{ send }], theirs: [] }
}

/** Bazarr with the programs whose films it finds subtitles for, and the language of these. */
export const bazarrLinks: readonly Link[] = [
  { id: 'bazarr-programs', title: 'Bazarr: Sonarr and Radarr', needs: ['bazarr'], look: lookAtSettings },
  {
    id: 'bazarr-languages',
    title: 'Bazarr: language of subtitles',
    needs: ['bazarr'],
    after: ['bazarr-programs'],
    look: lookAtLanguages,
  },
]
