import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Pin {
  readonly id: number
  readonly code: string
  readonly clientIdentifier: string
  readonly expires: number
  authToken: string | null
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** The one account of the stand-in for plex.tv. */
export interface PlexAccount {
  readonly id: number
  readonly username: string
  readonly email: string
  readonly pass: boolean
}

/**
 * The stand-in for plex.tv: PINs, claim tokens and accounts, as its own programs and pms-docker use them. `now` gives
 * milliseconds, so that a test can let four minutes pass.
 */
export class PlexTv {
  readonly account: PlexAccount
  /** How often each address was asked. */
  readonly asked: string[] = []
  readonly #now: () => number
  readonly #pins = new Map<number, Pin>()
  readonly #claims = new Map<string, number>()
  readonly #tokens = new Set<string>()

  constructor(account: Partial<PlexAccount> = {}, now: () => number = Date.now) {
    this.account = { id: 1, username: 'anna', email: 'anna@example.org', pass: true, ...account }
    this.#now = now
  }

  /** What a person gets who signs in: a token of the account. */
  signIn(): string {
    const token = randomBytes(10).toString('hex')
    this.#tokens.add(token)
    return token
  }

  /** A claim token, as plex.tv/claim shows it. */
  claimToken(): string {
    const token = `claim-${randomBytes(10).toString('hex')}`
    this.#claims.set(token, this.#now() + 4 * 60_000)
    return token
  }

  /** A person types the code at plex.tv/link; false when it is not known there. */
  link(code: string): boolean {
    const pin = [...this.#pins.values()].find(each => each.code === code && each.expires > this.#now())
    if (pin === undefined) return false
    pin.authToken = this.signIn()
    return true
  }

  /** "Sign out all devices": no token is good any more. */
  signOutAll(): void {
    this.#tokens.clear()
  }

  /** Answers one question; for any server of Node. */
  readonly listener: RequestListener = (question, answer) => {
    const chunks: Buffer[] = []
    question.on('data', (part: Buffer) => chunks.push(part)).on('end', () => this.#answer(question, answer))
  }

  #answer(question: IncomingMessage, answer: ServerResponse): void {
    const url = new URL(question.url ?? '/', 'https://plex.tv')
    const { method = 'GET', headers } = question
    this.asked.push(`${method} ${url.pathname}`)
    const given = (name: string) => headers[name.toLowerCase()]?.toString() ?? url.searchParams.get(name) ?? ''
    const json = (status: number, value: unknown) =>
      void answer.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
    const fault = (status: number, code: number, message: string) =>
      json(status, { errors: [{ code, message, status }] })
    const client = given('X-Plex-Client-Identifier')
    const needsClient = (): boolean => {
      if (client !== '') return true
      fault(400, 1000, 'X-Plex-Client-Identifier is missing')
      return false
    }
    const needsToken = (): boolean => {
      if (this.#tokens.has(given('X-Plex-Token'))) return true
      fault(401, 1001, 'User could not be authenticated')
      return false
    }
    if (url.pathname.startsWith('/api/v2/') && headers.accept?.includes('application/json') !== true)
      return void answer.writeHead(200, { 'Content-Type': 'application/xml' }).end('<xml-is-not-made-here/>')
    const pinId = /^\/api\/v2\/pins\/(\d+)$/.exec(url.pathname)?.[1]
    if (method === 'POST' && url.pathname === '/api/v2/pins') {
      if (!needsClient()) return
      if (given('X-Plex-Product') === '') return fault(400, 1000, 'X-Plex-Product is missing')
      const strong = url.searchParams.get('strong') === 'true'
      const letters = Array.from({ length: strong ? 25 : 4 }, () => LETTERS[randomInt(LETTERS.length)])
      const pin: Pin = {
        id: randomInt(1e9),
        code: letters.join(''),
        clientIdentifier: client,
        expires: this.#now() + 15 * 60_000,
        authToken: null,
      }
      this.#pins.set(pin.id, pin)
      return json(201, this.#show(pin))
    }
    if (method === 'GET' && pinId !== undefined) {
      if (!needsClient()) return
      const pin = this.#pins.get(Number(pinId))
      return pin === undefined || pin.clientIdentifier !== client || pin.expires <= this.#now()
        ? fault(404, 1020, 'Code not found or expired')
        : json(200, this.#show(pin))
    }
    if (method === 'GET' && url.pathname === '/api/claim/token.json') {
      if (!needsClient() || !needsToken()) return
      return json(200, { token: this.claimToken() })
    }
    if (method === 'POST' && url.pathname === '/api/claim/exchange') {
      const token = url.searchParams.get('token') ?? ''
      const expires = this.#claims.get(token)
      this.#claims.delete(token)
      if (client === '' || expires === undefined || expires <= this.#now())
        return void answer
          .writeHead(client === '' ? 400 : 401, { 'Content-Type': 'application/xml' })
          .end('<?xml version="1.0" encoding="UTF-8"?>\n<errors><error>Invalid token</error></errors>')
      const { username, email, id, pass } = this.account
      return void answer.writeHead(200, { 'Content-Type': 'application/xml' }).end(
        `<?xml version="1.0" encoding="UTF-8"?>\n<user id="${id}" uuid="${randomUUID()}">
  <subscription active="${pass}"/>
  <username>${username}</username>
  <email>${email}</email>
  <authentication-token>${this.signIn()}</authentication-token>
</user>\n`,
      )
    }
    if (method === 'GET' && ['/api/v2/user', '/api/v2/user.json', '/users/account.json'].includes(url.pathname)) {
      if (!needsToken()) return
      const { pass, ...user } = this.account
      const body = {
        ...user,
        uuid: 'a1b2c3d4',
        title: user.username,
        authToken: given('X-Plex-Token'),
        subscription: { active: pass, status: pass ? 'Active' : 'Inactive', plan: pass ? 'lifetime' : null },
      }
      return json(200, url.pathname.startsWith('/users') ? { user: body } : body)
    }
    // What the first questions to the internet ask.
    if (method === 'GET' && url.pathname === '/api/resources')
      return fault(401, 1001, 'User could not be authenticated')
    fault(404, 1404, 'Not found')
  }

  #show({ id, code, clientIdentifier, expires, authToken }: Pin): unknown {
    return {
      id,
      code,
      product: 'Media Server',
      trusted: false,
      clientIdentifier,
      expiresIn: Math.max(0, Math.round((expires - this.#now()) / 1000)),
      expiresAt: new Date(expires).toISOString(),
      authToken,
      newRegistration: null,
    }
  }

  /** Listens on this machine without encryption; gives the address and how to end it. */
  async listen(): Promise<{ readonly url: string; [Symbol.asyncDispose](): Promise<void> }> {
    const server = createServer(this.listener)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections()
        await new Promise(resolve => server.close(resolve))
      },
    }
  }
}
