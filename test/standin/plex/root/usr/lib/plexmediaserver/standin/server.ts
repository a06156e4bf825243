import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { getCACertificates } from 'node:tls'
import { type Element, render } from './answer.ts'
import { agents, Library, type Section } from './library.ts'
import { accepts, Preferences, settings } from './preferences.ts'

/** How a stand-in is started. */
export interface PlexOptions {
  /** PLEX_MEDIA_SERVER_APPLICATION_SUPPORT_DIR. */
  readonly folder: string
  /** Where plex.tv is. */
  readonly plexTv: string
  /** How long every question is answered with 503. */
  readonly maintenanceMs: number
  /** How long after that the libraries cannot be changed. */
  readonly startingMs: number
  /** A folder that stands for the root of the file system; only for tests. */
  readonly root?: string
}

const VERSION = '1.43.3.10000-standin'

/** The stand-in for Plex Media Server: what a set-up and the services beside it ask, as strict as the real one. */
export class Plex {
  readonly #options: PlexOptions
  readonly #folder: string
  readonly #preferences: Preferences
  readonly #library: Library
  readonly #localToken = randomBytes(16).toString('hex')
  readonly #accounts = new Map<string, string>()
  readonly #born = Date.now()
  #server: Server | undefined

  constructor(options: PlexOptions) {
    this.#options = options
    this.#folder = join(options.folder, 'Plex Media Server')
    mkdirSync(this.#folder, { recursive: true })
    this.#preferences = new Preferences(join(this.#folder, 'Preferences.xml'))
    this.#library = new Library(join(this.#folder, 'library.json'), options.root)
    // A new one at each start, for programs of this machine that may read the folder.
    writeFileSync(join(this.#folder, '.LocalAdminToken'), this.#localToken, { mode: 0o600 })
  }

  /** Listens; gives the port. */
  async start(port: number, host: string): Promise<number> {
    const server = createServer((question, answer) => {
      this.#answer(question, answer).catch((error: unknown) => {
        answer.writeHead(500, { 'Content-Type': 'text/html' }).end(String(error))
      })
    })
    this.#server = server
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
    return (server.address() as AddressInfo).port
  }

  /** Ends, and writes the preferences as they are in memory. */
  async stop(): Promise<void> {
    this.#preferences.save()
    this.#server?.closeAllConnections()
    await new Promise(resolve => this.#server?.close(resolve))
  }

  get #claimed(): boolean {
    return (this.#preferences.get('PlexOnlineToken') ?? '') !== ''
  }

  async #answer(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(question.url ?? '/', 'http://plex')
    const method = question.method ?? 'GET'
    const json = question.headers.accept?.includes('application/json') === true
    const send = (status: number, name: string, content: Element) => {
      const { type, text } = render(name, content, json)
      answer.writeHead(status, { 'Content-Type': type, 'X-Plex-Protocol': '1.0' }).end(text)
    }
    const plain = (status: number, words: string) =>
      answer
        .writeHead(status, { 'Content-Type': 'text/html' })
        .end(`<html><head><title>${words}</title></head><body><h1>${status} ${words}</h1></body></html>`)
    const age = Date.now() - this.#born
    if (age < this.#options.maintenanceMs)
      return send(503, 'Response', {
        code: 503,
        title: 'Maintenance',
        status: 'Plex Media Server is currently running startup maintenance tasks.',
      })
    const { pathname: path } = url
    if (path === '/identity' && method === 'GET')
      return send(200, 'MediaContainer', {
        size: 0,
        apiVersion: '1.1.1',
        claimed: this.#claimed,
        machineIdentifier: this.#preferences.get('ProcessedMachineIdentifier'),
        version: VERSION,
      })
    const local = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(question.socket.remoteAddress ?? '')
    const token = question.headers['x-plex-token']?.toString() ?? url.searchParams.get('X-Plex-Token') ?? ''
    if (!(await this.#mayAsk(token, local))) return void plain(401, 'Unauthorized')
    const changes = method !== 'GET' && path.startsWith('/library')
    if (changes && age < this.#options.maintenanceMs + this.#options.startingMs)
      return void answer.writeHead(400).end('the server is still starting up. Please retry later')
    const section = this.#library.find(/^\/library\/sections\/(\d+)(\/|$)/.exec(path)?.[1] ?? '')
    const rest = path.replace(/^\/library\/sections\/\d+/, '')
    switch (`${method} ${section === undefined ? path : `SECTION${rest}`}`) {
      case 'GET /':
        return send(200, 'MediaContainer', {
          size: 0,
          friendlyName: this.#value('FriendlyName'),
          machineIdentifier: this.#preferences.get('ProcessedMachineIdentifier'),
          myPlex: this.#claimed,
          myPlexSigninState: this.#claimed ? 'ok' : 'none',
          myPlexUsername: this.#preferences.get('PlexOnlineUsername') ?? '',
          platform: 'Linux',
          version: VERSION,
        })
      case 'POST /myplex/claim':
        if (!local) return void plain(401, 'Unauthorized')
        if (this.#claimed) return void plain(400, 'Bad Request')
        return (await this.#claim(url.searchParams.get('token') ?? ''))
          ? send(200, 'MyPlex', {
              username: this.#preferences.get('PlexOnlineUsername'),
              mappingState: 'unknown',
              signInState: 'ok',
            })
          : void plain(401, 'Unauthorized')
      case 'GET /myplex/account':
        return send(200, 'MyPlex', {
          username: this.#preferences.get('PlexOnlineUsername') ?? '',
          mappingState: this.#claimed ? 'mapped' : 'unknown',
          signInState: this.#claimed ? 'ok' : 'none',
        })
      case 'DELETE /myplex/account':
        for (const name of ['Token', 'Username', 'Mail', 'Home']) this.#preferences.set(`PlexOnline${name}`, undefined)
        this.#preferences.save()
        return send(200, 'MyPlex', { signInState: 'none' })
      case 'GET /:/prefs':
        return send(200, 'MediaContainer', {
          size: Object.keys(settings).length,
          Setting: Object.entries(settings).map(([id, { type, standard, label, enumValues }]) => ({
            id,
            label,
            type,
            default: standard,
            value: this.#value(id),
            ...(enumValues === undefined ? {} : { enumValues }),
          })),
        })
      case 'PUT /:/prefs': {
        const asked = [...url.searchParams].filter(([name]) => !name.startsWith('X-Plex-'))
        if (asked.length === 0 || !asked.every(([name, value]) => accepts(name, value)))
          return void plain(400, 'Bad Request')
        for (const [name, value] of asked)
          this.#preferences.set(
            name,
            settings[name]?.type === 'bool' ? String(Number(/^(1|true)$/.test(value))) : value,
          )
        this.#preferences.save()
        return void answer.writeHead(200).end()
      }
      case 'GET /system/agents': {
        const type = { '1': 'movie', '2': 'show' }[url.searchParams.get('mediaType') ?? '']
        const known = Object.entries(agents).filter(([, agent]) => type === undefined || agent.type === type)
        return send(200, 'MediaContainer', {
          size: known.length,
          Agent: known.map(([identifier]) => ({ identifier, name: identifier })),
        })
      }
      case 'GET /library/sections':
      case 'GET /library/sections/all':
        return send(200, 'MediaContainer', {
          size: this.#library.sections.length,
          title1: 'Plex Library',
          Directory: this.#library.sections.map(describe),
        })
      case 'POST /library/sections': {
        const made = this.#library.add(url.searchParams)
        return made === undefined
          ? void plain(400, 'Bad Request')
          : send(201, 'MediaContainer', { size: 1, Directory: [describe(made)] })
      }
      case 'DELETE SECTION':
        this.#library.remove(section?.key ?? '')
        return void answer.writeHead(200).end()
      case 'GET SECTION/refresh':
      case 'POST SECTION/refresh':
        if (section !== undefined) this.#library.scan(section, url.searchParams.get('path') ?? undefined)
        return void answer.writeHead(200).end()
      case 'GET SECTION/all':
        return send(200, 'MediaContainer', {
          size: section?.files.length ?? 0,
          Video: (section?.files ?? []).map((file, index) => ({
            ratingKey: String(index + 1),
            title: basename(file).replace(/\.[^.]+$/, ''),
            Media: [{ id: index + 1, Part: [{ id: index + 1, file }] }],
          })),
        })
      case 'GET /status/sessions':
        return send(200, 'MediaContainer', { size: 0 })
      default:
        return void plain(404, 'Not Found')
    }
  }

  #value(name: string): string {
    return this.#preferences.get(name) ?? settings[name]?.standard ?? ''
  }

  /** An unclaimed server lets this machine do everything, and nobody else; a claimed one wants a token of its owner. */
  async #mayAsk(token: string, local: boolean): Promise<boolean> {
    if (local && token === this.#localToken) return true
    if (!this.#claimed) return local && token === ''
    if (token === '') return false
    if (token === this.#preferences.get('PlexOnlineToken')) return true
    // Who was claimed before the first start knows its token only.
    const owner =
      this.#preferences.get('PlexOnlineMail') ?? (await this.#mailOf(this.#preferences.get('PlexOnlineToken') ?? ''))
    const known = this.#accounts.get(token) ?? (await this.#mailOf(token))
    if (known !== undefined) this.#accounts.set(token, known)
    return known !== undefined && known === owner
  }

  async #mailOf(token: string): Promise<string | undefined> {
    const { status, text } = await this.#askPlexTv('GET', '/api/v2/user', { 'X-Plex-Token': token })
    return status === 200 ? (JSON.parse(text) as { email: string }).email : undefined
  }

  async #claim(token: string): Promise<boolean> {
    const { status, text } = await this.#askPlexTv('POST', `/api/claim/exchange?token=${encodeURIComponent(token)}`, {
      Accept: 'application/xml',
    })
    const read = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
    const online = read('authentication-token')
    if (status >= 300 || online === undefined) return false
    this.#preferences.set('PlexOnlineToken', online)
    this.#preferences.set('PlexOnlineUsername', read('username'))
    this.#preferences.set('PlexOnlineMail', read('email'))
    this.#preferences.set('PlexOnlineHome', '1')
    this.#preferences.save()
    return true
  }

  #askPlexTv(method: string, path: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
    const url = new URL(path, this.#options.plexTv)
    const options = {
      method,
      timeout: 10_000,
      headers: {
        Accept: 'application/json',
        'X-Plex-Client-Identifier': this.#preferences.get('ProcessedMachineIdentifier') ?? '',
        'X-Plex-Product': 'Plex Media Server',
        'X-Plex-Provides': 'server',
        ...headers,
      },
    }
    return new Promise(resolve => {
      const read = (answer: IncomingMessage) => {
        let text = ''
        answer
          .setEncoding('utf8')
          .on('data', (part: string) => (text += part))
          .on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      }
      const ca = [...getCACertificates('bundled'), ...getCACertificates('system')]
      const ask =
        url.protocol === 'https:' ? httpsRequest(url, { ...options, ca }, read) : httpRequest(url, options, read)
      ask.on('error', () => resolve({ status: 0, text: '' })).end()
    })
  }
}

const describe = ({ locations, files: _files, ...section }: Section): Element => ({
  ...section,
  Location: locations.map((path, index) => ({ id: index + 1, path })),
})
