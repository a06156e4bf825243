import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { openConfigXml, writeConfigXml } from '../core/config-xml.ts'
import type { Start } from '../core/environment.ts'
import { type Asked, type Answered, formOf, type Gate, jsonOf, type Route } from '../core/server.ts'
import { openState, type State } from '../core/state.ts'
import { bind, type Failure, invalid, malformed } from '../core/validation.ts'
import type { StoredProvider } from './providers.ts'

/** What tells Sonarr, Radarr and Prowlarr apart, as far as all of them have it. */
export interface ArrSpec {
  readonly name: 'Sonarr' | 'Radarr' | 'Prowlarr'
  readonly version: string
  readonly port: number
  /** Where the interface begins. */
  readonly api: '/api/v3' | '/api/v1'
}

/** A page of settings: its first values, which are its shape too, and what is wrong with values. */
export interface Page {
  readonly first: Record<string, unknown>
  readonly check: (value: Record<string, unknown>) => Failure[]
}

interface User {
  readonly username: string
  readonly password: string
  readonly salt: string
}

/** What is kept; `more` belongs to the program itself. */
export interface Kept {
  user: User | null
  pages: Record<string, Record<string, unknown>>
  providers: Record<string, StoredProvider[]>
  more: Record<string, unknown>
  next: number
}

/** A program of this kind while it runs. */
export interface ArrApp {
  readonly spec: ArrSpec
  readonly start: Start
  readonly state: State<Kept>
  readonly apiKey: () => string
  readonly routes: Route[]
  readonly gate: Gate
  readonly port: number
  readonly id: () => number
}

const ITERATIONS = 10_000
const hashed = (password: string, salt: string): string =>
  pbkdf2Sync(password, Buffer.from(salt, 'base64'), ITERATIONS, 32, 'sha512').toString('base64')

const METHODS = ['none', 'basic', 'forms', 'external']
const REQUIRED = ['enabled', 'disabledForLocalAddresses']
const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
const small = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`

const hostDefaults = (spec: ArrSpec) => ({
  id: 1,
  bindAddress: '*',
  port: spec.port,
  sslPort: 9898,
  enableSsl: false,
  launchBrowser: true,
  authenticationMethod: 'none',
  authenticationRequired: 'enabled',
  analyticsEnabled: true,
  username: '',
  password: '',
  passwordConfirmation: '',
  logLevel: 'info',
  logSizeLimit: 1,
  consoleLogLevel: '',
  branch: 'main',
  apiKey: '',
  sslCertPath: '',
  sslCertPassword: '',
  urlBase: '',
  instanceName: spec.name as string,
  applicationUrl: '',
  updateAutomatically: false,
  updateMechanism: 'docker',
  updateScriptPath: '',
  proxyEnabled: false,
  proxyType: 'http',
  proxyHostname: '',
  proxyPort: 8080,
  proxyUsername: '',
  proxyPassword: '',
  proxyBypassFilter: '',
  proxyBypassLocalAddresses: true,
  certificateValidation: 'enabled',
  backupFolder: 'Backups',
  backupInterval: 7,
  backupRetention: 28,
  trustCgnatIpAddresses: false,
})
type Host = ReturnType<typeof hostDefaults>

// What of these settings is kept in config.xml instead of the database.
const IN_FILE: readonly (keyof Host)[] = [
  'bindAddress',
  'port',
  'enableSsl',
  'launchBrowser',
  'authenticationMethod',
  'authenticationRequired',
  'analyticsEnabled',
  'logLevel',
  'urlBase',
  'instanceName',
  'updateMechanism',
]

/** Opens a program of this kind: its settings, its login, and what all of them answer. */
export function openArr(spec: ArrSpec, start: Start): ArrApp {
  const variable = (section: string, key: string) => start.env[`${spec.name.toUpperCase()}__${section}__${key}`]
  const file = openConfigXml(start.config, {
    Port: String(spec.port),
    AuthenticationMethod: 'None',
    AuthenticationRequired: 'Enabled',
  })
  const first: Kept = { user: null, pages: {}, providers: {}, more: {}, next: 1 }
  const state = openState<Kept>(`${start.config}/${spec.name.toLowerCase()}.standin.json`, first)
  const sessions = new Set<string>()
  const apiKey = () => variable('AUTH', 'APIKEY') ?? file.get('ApiKey') ?? ''
  const fromFile = (): Partial<Host> => {
    const shape = hostDefaults(spec)
    const entries = IN_FILE.flatMap(name => {
      const text = file.get(capital(name))
      if (text === undefined) return []
      const type = typeof shape[name]
      return [
        [
          name,
          type === 'number'
            ? Number(text)
            : type === 'boolean'
              ? text.toLowerCase() === 'true'
              : name.startsWith('authentication') || name === 'updateMechanism'
                ? small(text)
                : text,
        ],
      ]
    })
    return Object.fromEntries(entries) as Partial<Host>
  }
  const host = (): Host => ({
    ...hostDefaults(spec),
    ...(state.value.pages['host'] as Partial<Host> | undefined),
    ...fromFile(),
    ...(variable('AUTH', 'METHOD') === undefined
      ? {}
      : { authenticationMethod: small(variable('AUTH', 'METHOD') ?? '') }),
    apiKey: apiKey(),
    username: state.value.user?.username ?? '',
    password: state.value.user?.password ?? '',
    passwordConfirmation: '',
  })

  function saveHost(asked: Asked): Answered {
    const bound = bind(jsonOf(asked), hostDefaults(spec))
    if ('wrong' in bound) return malformed(bound.wrong, 'The JSON value could not be converted.')
    const value = bound.value
    if (!METHODS.includes(value.authenticationMethod))
      return malformed('$.authenticationMethod', 'The JSON value could not be converted.')
    if (!REQUIRED.includes(value.authenticationRequired))
      return malformed('$.authenticationRequired', 'The JSON value could not be converted.')
    const failures: Failure[] = []
    const fail = (propertyName: string, errorMessage: string) => failures.push({ propertyName, errorMessage })
    if (value.authenticationMethod === 'basic')
      fail('AuthenticationMethod', "'Basic' is no longer supported, switch to 'Forms' instead.")
    if (value.authenticationMethod === 'forms') {
      if (value.username === '') fail('Username', "'Username' must not be empty.")
      if (value.password === '') fail('Password', "'Password' must not be empty.")
    }
    if (value.password !== (state.value.user?.password ?? '') && value.password !== value.passwordConfirmation)
      fail('PasswordConfirmation', 'Must match Password')
    if (value.port < 1 || value.port > 65_535) fail('Port', 'Invalid Port')
    if (value.branch === '') fail('Branch', "Branch name is required, 'main' is the default")
    if (value.logSizeLimit < 1 || value.logSizeLimit > 10) fail('LogSizeLimit', 'must be between 1 and 10')
    if (value.backupInterval < 1 || value.backupInterval > 7) fail('BackupInterval', 'must be between 1 and 7')
    if (failures.length > 0) return invalid(failures)
    for (const name of IN_FILE) {
      const given = value[name]
      file.set(
        capital(name),
        typeof given === 'string' && (name.startsWith('authentication') || name === 'updateMechanism')
          ? capital(given)
          : typeof given === 'boolean'
            ? capital(String(given))
            : String(given),
      )
    }
    writeConfigXml(start.config, file)
    const { username, password, passwordConfirmation: _, apiKey: __, ...rest } = value
    state.value.pages['host'] = rest
    if (username !== '' && password !== '') {
      const old = state.value.user
      const salt = randomBytes(16).toString('base64')
      const same = old !== null && password === old.password
      state.value.user = {
        username: username.toLowerCase(),
        ...(same ? { password, salt: old.salt } : { password: hashed(password, salt), salt }),
      }
      // Whoever was logged in has to log in again.
      if (!same) sessions.clear()
    }
    state.save()
    return { status: 202, json: host() }
  }

  function logIn(asked: Asked): Answered {
    const form = formOf(asked)
    const { user } = state.value
    const good =
      user !== null &&
      user.username === (form.get('username') ?? '').toLowerCase() &&
      user.password === hashed(form.get('password') ?? '', user.salt)
    const back = asked.query.get('returnUrl') ?? ''
    if (!good) return { status: 302, headers: { location: `/login?returnUrl=${back}&loginFailed=true` } }
    const session = randomBytes(24).toString('hex')
    sessions.add(session)
    return {
      status: 302,
      headers: {
        location: back.startsWith('/') ? back : '/',
        'set-cookie': `${spec.name}Auth=${session}; path=/; httponly`,
      },
    }
  }

  const status = () => ({
    appName: spec.name,
    instanceName: host().instanceName,
    version: spec.version,
    isProduction: true,
    isDocker: true,
    isLinux: true,
    isWindows: false,
    mode: 'console',
    branch: host().branch,
    authentication: host().authenticationMethod,
    urlBase: host().urlBase,
    appData: '/config',
    startTime: new Date().toISOString(),
  })

  const has = (asked: { headers: Asked['headers']; query: URLSearchParams }): boolean => {
    const bearer = asked.headers.authorization?.replace('Bearer ', '')
    const given = asked.query.get('apikey') ?? (asked.headers['x-api-key'] as string | undefined) ?? bearer
    return given === apiKey()
  }
  const cookie = (header: string | undefined) =>
    new RegExp(`${spec.name}Auth=([0-9a-f]+)`).exec(header ?? '')?.[1] ?? ''
  const isOpen = (path: string) => path === '/ping' || path === '/login'
  const isInterface = (path: string) => path.startsWith('/api') || /^\/\d+\/(api|download)$/.test(path)

  const { api } = spec
  const at = (path: string) => new RegExp(`^${api}${path}$`)
  return {
    spec,
    start,
    state,
    apiKey,
    port: start.port ?? Number(variable('SERVER', 'PORT') ?? host().port),
    id: () => state.value.next++,
    gate: {
      headers: { 'X-Application-Version': spec.version },
      refuse(asked) {
        if (isOpen(asked.path)) return null
        if (isInterface(asked.path)) return has(asked) ? null : { status: 401, json: { error: 'Unauthorized' } }
        if (host().authenticationMethod === 'none' || sessions.has(cookie(asked.headers.cookie))) return null
        return { status: 302, headers: { location: `/login?returnUrl=${encodeURIComponent(asked.path)}` } }
      },
      unknown: asked => ({
        status: 404,
        ...(isInterface(asked.path) ? { json: { message: 'NotFound' } } : { text: '' }),
      }),
    },
    routes: [
      { method: 'GET', path: /^\/ping$/, answer: () => ({ status: 200, json: { status: 'OK' } }) },
      {
        method: 'GET',
        path: /^\/$/,
        answer: () => ({ status: 200, text: `<title>${spec.name}</title>`, headers: { 'content-type': 'text/html' } }),
      },
      {
        method: 'GET',
        path: /^\/login$/,
        answer: () => ({ status: 200, text: '<title>Login</title>', headers: { 'content-type': 'text/html' } }),
      },
      { method: 'POST', path: /^\/login$/, body: 'form', harmless: true, answer: logIn },
      { method: 'GET', path: at('/system/status'), answer: () => ({ status: 200, json: status() }) },
      { method: 'GET', path: at('/health'), answer: () => ({ status: 200, json: [] }) },
      { method: 'GET', path: at('/config/host'), answer: () => ({ status: 200, json: host() }) },
      { method: 'GET', path: at('/config/host/1'), answer: () => ({ status: 200, json: host() }) },
      { method: 'PUT', path: at('/config/host/\\d+'), body: 'json', answer: saveHost },
    ],
  }
}

/** Adds a page of settings that is read whole and written back whole under its number. */
export function addPage(app: ArrApp, name: string, page: Page): void {
  const path = `${app.spec.api}/config/${name}`
  const shape = { id: 1, ...page.first }
  const current = () => ({ ...shape, ...app.state.value.pages[name] })
  app.routes.push(
    { method: 'GET', path: new RegExp(`^${path}(/1)?$`), answer: () => ({ status: 200, json: current() }) },
    {
      method: 'PUT',
      path: new RegExp(`^${path}/\\d+$`),
      body: 'json',
      answer(asked) {
        const bound = bind(jsonOf(asked), shape)
        if ('wrong' in bound) return malformed(bound.wrong, 'The JSON value could not be converted.')
        const failures = page.check(bound.value)
        if (failures.length > 0) return invalid(failures)
        app.state.value.pages[name] = bound.value
        app.state.save()
        return { status: 202, json: current() }
      },
    },
  )
}
