import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Start } from '../core/environment.ts'
import { type Asked, type Answered, formOf, type Running, serve } from '../core/server.ts'
import { openState } from '../core/state.ts'
import { parseSimpleYaml, renderSimpleYaml, type Section } from './yaml.ts'

const PORT = 6767

interface Profile extends Record<string, unknown> {
  readonly profileId: number
}

const known = [
  ['en', 'eng', 'English'],
  ['de', 'ger', 'German'],
  ['fr', 'fre', 'French'],
  ['es', 'spa', 'Spanish'],
  ['it', 'ita', 'Italian'],
  ['sv', 'swe', 'Swedish'],
  ['nl', 'dut', 'Dutch'],
  ['pl', 'pol', 'Polish'],
  ['pt', 'por', 'Portuguese'],
  ['ja', 'jpn', 'Japanese'],
] as const

const defaults = (): Record<string, Section> => ({
  analytics: { enabled: true },
  auth: { apikey: randomBytes(16).toString('hex'), type: null, username: '', password: '' },
  general: {
    use_sonarr: false,
    use_radarr: false,
    serie_default_enabled: false,
    serie_default_profile: '',
    movie_default_enabled: false,
    movie_default_profile: '',
    enabled_providers: [],
    port: PORT,
    auto_update: true,
  },
  sonarr: { ip: '127.0.0.1', port: 8989, base_url: '/', ssl: false, apikey: '' },
  radarr: { ip: '127.0.0.1', port: 7878, base_url: '/', ssl: false, apikey: '' },
  subsync: { use_subsync: false },
})

const LISTS = new Set(['enabled_providers'])
const TEXTS = new Set(['password'])
const TYPES = [null, 'form', 'basic']

/** Starts the stand-in for Bazarr. */
export async function startBazarr(start: Start): Promise<Running> {
  const folder = join(start.config, 'config')
  const path = join(folder, 'config.yaml')
  let file: Record<string, Section> = {}
  try {
    file = parseSimpleYaml(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const first = defaults()
  const settings: Record<string, Section> = Object.fromEntries(
    [...new Set([...Object.keys(first), ...Object.keys(file)])].map(name => [name, { ...first[name], ...file[name] }]),
  )
  const save = () => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, renderSimpleYaml(settings), { mode: 0o600 })
  }
  save()
  // As in the real one, languages are in the database and nowhere else.
  const state = openState<{ enabled: string[]; profiles: Profile[] }>(join(start.config, 'db/bazarr.standin.json'), {
    enabled: [],
    profiles: [],
  })
  const of = (section: string, name: string) => settings[section]?.[name]
  const sessions = new Set<string>()

  const hasKey = ({ headers, query, body }: Omit<Asked, 'caught'>): boolean => {
    const key = of('auth', 'apikey')
    return [
      headers['x-api-key'],
      query.get('apikey'),
      new URLSearchParams(body.toString('utf8')).get('apikey'),
    ].includes(String(key))
  }

  function write(asked: Asked): Answered {
    const form = formOf(asked)
    const languages = form.getAll('languages-enabled')
    if (languages.length > 0) state.value.enabled = languages.filter(code => known.some(([code2]) => code2 === code))
    const profiles = form.get('languages-profiles')
    if (profiles !== null && profiles !== '') {
      const given = JSON.parse(profiles) as Profile[]
      for (const profile of given)
        for (const name of ['profileId', 'name', 'cutoff', 'items', 'mustContain', 'mustNotContain', 'originalFormat'])
          if (!Object.hasOwn(profile, name)) throw new Error(`KeyError: '${name}'`)
      state.value.profiles = given
    }
    const changed = structuredClone(settings)
    for (const key of new Set(form.keys())) {
      const [kind, section = '', name = ''] = key.split('-')
      if (kind !== 'settings' || name === '') continue
      const all = form.getAll(key)
      const target = (changed[section] ??= {})
      if (LISTS.has(name)) target[name] = all.filter(each => each !== '')
      else target[name] = cast(all[0] ?? '', name, String(of('auth', 'password')))
    }
    const { auth = {}, sonarr = {}, radarr = {} } = changed
    if (!TYPES.includes((auth['type'] ?? null) as string | null))
      return { status: 406, text: 'auth.type must is_in None,basic,form' }
    for (const [name, { port }] of [['sonarr', sonarr] as const, ['radarr', radarr] as const])
      if (typeof port !== 'number' || port < 1 || port > 65_535)
        return { status: 406, text: `${name}.port must lte 65535` }
    Object.assign(settings, changed)
    save()
    state.save()
    return { status: 204 }
  }

  function account(asked: Asked): Answered {
    if (of('auth', 'type') !== 'form') return { status: 500, json: 'Unknown authentication type define in config' }
    const form = formOf(asked)
    if (form.get('action') !== 'login') return { status: 400, json: 'Unknown action' }
    const md5 = createHash('md5')
      .update(form.get('password') ?? '')
      .digest('hex')
    if (form.get('username') !== of('auth', 'username') || md5 !== of('auth', 'password'))
      return { status: 403, json: 'Authentication failed' }
    const session = randomBytes(16).toString('hex')
    sessions.add(session)
    return { status: 204, headers: { 'set-cookie': `session=${session}; HttpOnly; Path=/` } }
  }

  const shown = () => ({ ...settings, notifications: { providers: [] } })
  const languages = () =>
    known.map(([code2, code3, name]) => ({ name, code2, code3, enabled: state.value.enabled.includes(code2) }))
  const port = start.port ?? Number(of('general', 'port') ?? PORT)
  return await serve(
    port,
    [
      {
        method: 'GET',
        path: /^\/$/,
        answer: () => ({ status: 200, text: '<title>Bazarr</title>', headers: { 'content-type': 'text/html' } }),
      },
      { method: 'GET', path: /^\/api\/system\/ping$/, answer: () => ({ status: 200, json: { status: 'OK' } }) },
      {
        method: 'GET',
        path: /^\/api\/system\/status$/,
        answer: () => ({ status: 200, json: { data: { bazarr_version: '1.6.0' } } }),
      },
      { method: 'GET', path: /^\/api\/system\/settings$/, answer: () => ({ status: 200, json: shown() }) },
      // What is no form is thanked for and thrown away.
      { method: 'POST', path: /^\/api\/system\/settings$/, answer: write },
      { method: 'GET', path: /^\/api\/system\/languages$/, answer: () => ({ status: 200, json: languages() }) },
      {
        method: 'GET',
        path: /^\/api\/system\/languages\/profiles$/,
        answer: () => ({ status: 200, json: state.value.profiles }),
      },
      { method: 'POST', path: /^\/api\/system\/account$/, harmless: true, answer: account },
    ],
    {
      refuse(asked) {
        if (['/', '/api/system/ping', '/api/system/account'].includes(asked.path)) return null
        if (!asked.path.startsWith('/api/')) return null
        return hasKey(asked) ? null : { status: 401, json: { message: 'Unauthorized' } }
      },
      unknown: () => ({ status: 404, json: { message: 'Not Found' } }),
    },
  )
}

function cast(text: string, name: string, password: string): string | number | boolean | null {
  if (name === 'password') return text === password ? text : createHash('md5').update(text).digest('hex')
  if (['None', 'null', 'undefined'].includes(text)) return null
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+$/.test(text) && !TEXTS.has(name) ? Number(text) : text
}
