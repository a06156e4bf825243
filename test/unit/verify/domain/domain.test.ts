import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createPlain, type ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../../../../firstboot/answers/secret.ts'
import { domainChecks } from '../../../../firstboot/verify/domain/all.ts'
import { namesCheck } from '../../../../firstboot/verify/domain/checks.ts'
import { judgeCertificates } from '../../../../firstboot/verify/domain/judge-certificates.ts'
import { judgeGuarded } from '../../../../firstboot/verify/domain/judge-guarded.ts'
import { judgeRequests } from '../../../../firstboot/verify/domain/judge-requests.ts'
import { decideDoor } from '../../../../firstboot/domain/requests-door.ts'
import type { Owner } from '../../../../firstboot/wiring/owner.ts'
import { judgeNames } from '../../../../firstboot/verify/domain/judge-names.ts'
import { hasJustBegun } from '../../../../firstboot/verify/just-begun.ts'
import { type Presented, type Visit, visit } from '../../../../firstboot/verify/domain/visit.ts'
import { someAnswers } from '../../plan-setup/answers.ts'
import { aScene, NOON } from '../a-scene.ts'

const NAME = 'films.example.org'
const DAY = 86_400_000
const certificate = (more: Partial<Presented> = {}): Presented => ({
  names: [NAME],
  issuer: "Let's Encrypt",
  from: NOON - 30 * DAY,
  until: NOON + 60 * DAY,
  fault: '',
  ...more,
})
const answered = ({ status, ...more }: { status: number; location?: string; text?: string }): Visit => ({
  status,
  location: null,
  text: '',
  certificate: certificate(),
  ...more,
})
const visits = (visitOf: Visit, name = NAME) => [{ name, visit: visitOf }]
const judge = (more: Partial<Presented> = {}) =>
  judgeCertificates(visits({ ...answered({ status: 200 }), certificate: certificate(more) }), NOON)

describe('a certificate', () => {
  test('is believed, and its end is told', () => {
    expect(judge()).toMatchObject({
      verdict: 'pass',
      words: `${NAME}: certificates of Let's Encrypt, 60 days left, until 2027-01-24.`,
    })
    expect(judge({ names: ['*.example.org'] }).verdict).toBe('pass')
  })

  test.each<[string, Partial<Presented>, string, string]>([
    ['has expired', { until: NOON - DAY, fault: 'CERT_HAS_EXPIRED' }, 'fail', 'domain-certificate-expired'],
    ['begins tomorrow', { from: NOON + DAY, fault: 'CERT_NOT_YET_VALID' }, 'fail', 'domain-certificate-early'],
    ['is for somebody else', { names: ['other.example.org'] }, 'fail', 'domain-certificate-foreign'],
    ['is for names below', { names: [`*.${NAME}`] }, 'fail', 'domain-certificate-foreign'],
    ['is for nobody', { names: [] }, 'fail', 'domain-certificate-foreign'],
    ['is by somebody unknown', { fault: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'fail', 'domain-certificate-foreign'],
    ['cannot be read', { until: Number.NaN }, 'fail', 'domain-no-certificate'],
    ['is not renewed', { from: NOON - 80 * DAY, until: NOON + 10 * DAY }, 'warn', 'domain-certificate-old'],
  ])('%s', (_what, more, verdict, trouble) => {
    expect(judge(more)).toMatchObject({ verdict, trouble })
  })

  test('that lives for six days is new on its second day', () => {
    expect(judge({ from: NOON - 2 * DAY, until: NOON + 4 * DAY }).verdict).toBe('pass')
  })

  test('that was not renewed is found beside one that lives for hours, and ends before it', () => {
    const fresh = certificate({ names: ['b.example.org'], from: NOON - DAY / 12, until: NOON + DAY / 2 })
    const both = [
      ...visits({
        ...answered({ status: 200 }),
        certificate: certificate({ from: NOON - 80 * DAY, until: NOON + 10 * DAY }),
      }),
      ...visits({ ...answered({ status: 401 }), certificate: fresh }, 'b.example.org'),
    ]
    const found = judgeCertificates(both, NOON)
    expect(found).toMatchObject({ verdict: 'warn', trouble: 'domain-certificate-old' })
    expect(found.words).toContain(`${NAME} is not renewed: 10 days left`)
  })

  test('is not there', () => {
    const of = (tls: boolean) => judgeCertificates(visits({ unreachable: 'nobody is there', tls }), NOON)
    expect(of(true)).toMatchObject({ verdict: 'fail', trouble: 'domain-no-certificate' })
    expect(of(false)).toMatchObject({ verdict: 'fail', trouble: 'domain-silent' })
    expect(judgeCertificates([], NOON).verdict).toBe('fail')
  })

  test('of each name counts, and the one that ends first is told', () => {
    const two = [
      ...visits(answered({ status: 200 })),
      ...visits(
        {
          ...answered({ status: 401 }),
          certificate: certificate({ names: ['b.example.org'], until: NOON + 40 * DAY }),
        },
        'b.example.org',
      ),
    ]
    expect(judgeCertificates(two, NOON).words).toContain('40 days left')
    const broken = [...two, ...visits({ unreachable: 'nothing', tls: true }, 'c.example.org')]
    expect(judgeCertificates(broken, NOON).words).toContain('c.example.org')
  })
})

describe('names behind a password', () => {
  const of = (status: number, more: { location?: string; text?: string } = {}) =>
    judgeGuarded(visits(answered({ status, ...more }), 'sonarr.example.org'))
  const sonarr = '<html><head><title>Sonarr</title><script>window.Sonarr = {};</script></head></html>'
  const login = '<title>Login - Sonarr</title><form><input type="password" name="password"></form>'

  test('are shut', () => {
    expect(of(401)).toMatchObject({ verdict: 'pass' })
  })

  test('are shut by a login of ones own, wherever that is', () => {
    expect(of(302, { location: 'https://auth.example.net/?rd=https%3A%2F%2Fsonarr.example.org%2F' })).toMatchObject({
      verdict: 'pass',
      words: 'sonarr.example.org sends to a login at auth.example.net.',
    })
    for (const status of [301, 303, 307, 308])
      expect(of(status, { location: 'https://login.example.org/' })).toMatchObject({ verdict: 'pass' })
    expect(of(200, { text: '<title>Sign in</title><input type=password>' })).toMatchObject({ verdict: 'pass' })
    // One that forbids instead of asking.
    expect(of(403)).toMatchObject({ verdict: 'pass' })
  })

  test('are open only where the program itself is seen', () => {
    expect(of(200, { text: sonarr })).toMatchObject({ verdict: 'fail', trouble: 'domain-open' })
    expect(of(200, { text: '<script>window.Radarr = {}</script>' })).toMatchObject({ trouble: 'domain-open' })
  })

  test('are not as they were set up, without being open', () => {
    expect(of(200, { text: login })).toMatchObject({ verdict: 'warn', trouble: 'domain-own-login' })
    expect(of(200, { text: '<h1>It works!</h1>' })).toMatchObject({ verdict: 'warn', trouble: 'domain-strange' })
    expect(of(302)).toMatchObject({ verdict: 'warn', trouble: 'domain-strange' })
    const round = of(302, { location: 'https://sonarr.example.org/' })
    expect(round).toMatchObject({ verdict: 'warn', trouble: 'domain-strange' })
    for (const status of [404, 502]) expect(of(status)).toMatchObject({ verdict: 'fail', trouble: 'domain-strange' })
  })

  test('are silent', () => {
    expect(judgeGuarded(visits({ unreachable: 'nobody is there', tls: false }))).toMatchObject({
      trouble: 'domain-silent',
    })
  })
})

describe('the page that films are asked for at', () => {
  const ours: Owner = { whose: 'ours', initialized: true }
  const of = (owner: Owner, visit: Visit, signedIn = true) =>
    judgeRequests({ name: NAME, owner, door: decideDoor(owner, signedIn), visit })
  const status = (code: number): Visit => answered({ status: code })
  const DOWN = 'domain-requests-down'

  test('is open, and belongs to the account of this machine', () => {
    expect(of(ours, status(200))).toMatchObject({ verdict: 'pass' })
  })

  test.each<[string, Owner, Visit, string, string]>([
    ['closed, for it has no owner', { whose: 'nobody' }, status(503), 'warn', 'domain-requests-closed'],
    ['open, and has no owner', { whose: 'nobody' }, status(307), 'fail', 'domain-requests-open'],
    ['open, and nobody knows whose it is', { whose: 'unknown', why: 'x' }, status(200), 'fail', 'domain-requests-open'],
    ['open, and of somebody else', { whose: 'stranger', name: 'eve' }, status(200), 'fail', 'domain-requests-stranger'],
    [
      'closed, for it is of somebody else',
      { whose: 'stranger', name: 'eve' },
      status(503),
      'fail',
      'domain-requests-stranger',
    ],
    ['closed, although it is ours', ours, status(503), 'warn', 'domain-requests-shut'],
    ['silent', ours, { unreachable: 'nobody is there', tls: false }, 'warn', 'domain-requests-shut'],
    ['open, and nobody is behind it', ours, status(502), 'warn', DOWN],
    ['open, and nobody can be asked whose it is', { whose: 'unknown', why: 'x' }, status(502), 'warn', DOWN],
    ['open, and whoever can be asked hangs', { whose: 'unknown', why: 'x' }, status(504), 'warn', DOWN],
    ['open, and an error of its own', { whose: 'unknown', why: 'x' }, status(500), 'fail', 'domain-requests-open'],
    // It was there a moment ago, and will be there again.
    ['open to a newcomer, and away right now', { whose: 'nobody' }, status(502), 'fail', 'domain-requests-open'],
    [
      'open, and away right now, though it was asked and nobody knows whose it is',
      { whose: 'unknown', why: 'nobody has signed in to Plex', answered: true },
      status(502),
      'fail',
      'domain-requests-open',
    ],
  ])('is %s', (_what, owner, visit, verdict, trouble) => {
    expect(of(owner, visit)).toMatchObject({ verdict, trouble })
  })

  test('tells who has not signed in to Plex how to', () => {
    expect(of({ whose: 'nobody' }, status(503), false).words).toContain('sudo mediaserver plex claim')
  })
})

describe('names', () => {
  const HOME = '203.0.113.80'

  test('lead to this home', () => {
    expect(judgeNames([{ name: NAME, addresses: [HOME] }], HOME)).toMatchObject({
      verdict: 'pass',
      words: `${NAME} lead to this home (${HOME}).`,
    })
  })

  test.each([
    ['elsewhere', ['192.0.2.1'], HOME, 'fail', 'domain-elsewhere'],
    ['here and elsewhere', [HOME, '192.0.2.1'], HOME, 'warn', 'domain-elsewhere'],
    ['nowhere', [], HOME, 'fail', 'domain-no-address'],
    ['nobody knows where', null, HOME, 'fail', 'domain-unknown'],
    ['somewhere, and this home is not known', [HOME], null, 'warn', 'domain-home-unknown'],
  ])('lead %s', (_what, addresses, home, verdict, trouble) => {
    expect(judgeNames([{ name: NAME, addresses }], home)).toMatchObject({ verdict, trouble })
  })

  const CACHED = '192.0.2.1'
  const LOCAL = '192.168.1.5'

  test.each<[string, string[], string[] | null, string, string | undefined]>([
    ['by the servers of the domain, and elsewhere by an old answer', [CACHED], [HOME], 'warn', 'domain-not-everywhere'],
    ['by the servers of the domain, and nowhere by an old answer', [], [HOME], 'warn', 'domain-not-everywhere'],
    ['elsewhere, and so the servers of the domain say', [CACHED], [CACHED], 'fail', 'domain-elsewhere'],
    ['elsewhere, and the servers of the domain are silent', [CACHED], null, 'fail', 'domain-elsewhere'],
    ['into the home network, and home from outside', [LOCAL], [HOME], 'pass', undefined],
    ['into the home network, and elsewhere from outside', [LOCAL], [CACHED], 'fail', 'domain-elsewhere'],
    ['into the home network, and nobody knows from outside', [LOCAL], null, 'warn', 'domain-inside'],
  ])('lead %s', (_what, addresses, outside, verdict, trouble) => {
    const finding = judgeNames([{ name: NAME, addresses, outside }], HOME)
    expect([finding.verdict, finding.trouble]).toEqual([verdict, trouble])
  })

  test('that were well a short while ago are no alarm yet', () => {
    for (const addresses of [[CACHED], []])
      expect(judgeNames([{ name: NAME, addresses, outside: null }], HOME, true)).toMatchObject({ verdict: 'warn' })
    const minutes = (count: number) => NOON - count * 60_000
    expect(hasJustBegun(undefined, NOON)).toBe(true)
    expect(hasJustBegun({ verdict: 'pass', since: minutes(9000) }, NOON)).toBe(true)
    expect(hasJustBegun({ verdict: 'warn', since: minutes(20) }, NOON)).toBe(true)
    expect(hasJustBegun({ verdict: 'warn', since: minutes(40) }, NOON)).toBe(false)
    expect(hasJustBegun({ verdict: 'fail', since: minutes(1) }, NOON)).toBe(false)
  })

  test('that lead elsewhere nearby are asked for at the servers of the domain, and others are not', async () => {
    const asked: string[] = []
    const check = namesCheck(() => ({
      addresses: async name => [name.startsWith('radarr.') ? LOCAL : HOME],
      addressesOutside: async name => {
        asked.push(name)
        return [HOME]
      },
      exists: async () => true,
    }))
    const domain = { name: NAME, provider: 'porkbun', credentials: {}, email: 'a@example.org' }
    const insights = JSON.stringify({ ip: HOME, country: 'Germany', protected: false })
    const scene = aScene({}, { 'curl --ipv4': insights }, { answers: { ...someAnswers, domain } })
    expect(await check.run(scene)).toMatchObject({ verdict: 'pass' })
    expect(asked).toEqual([`radarr.${NAME}`])
  })

  test('are all asked for, and a name server that does not answer is no pass', async () => {
    const asked: string[] = []
    const check = namesCheck(() => ({
      addresses: name => {
        asked.push(name)
        return name.startsWith('radarr.') ? Promise.reject(new Error('timeout')) : Promise.resolve([HOME])
      },
      addressesOutside: async () => [HOME],
      exists: async () => true,
    }))
    const domain = {
      name: NAME,
      provider: 'porkbun',
      credentials: { api_key: new Secret('x') },
      email: 'a@example.org',
    }
    const insights = JSON.stringify({ ip: HOME, country: 'Germany', protected: false })
    const scene = aScene({}, { 'curl --ipv4': insights }, { answers: { ...someAnswers, domain } })
    expect(await check.run(scene)).toMatchObject({ verdict: 'fail', trouble: 'domain-unknown' })
    expect(asked.sort()).toEqual([NAME, `radarr.${NAME}`, `sonarr.${NAME}`])
  })

  test('are none without a domain', async () => {
    for (const check of domainChecks) expect(await check.run(aScene())).toMatchObject({ verdict: 'none' })
  })
})

describe('a visit', () => {
  let folder: string
  let server: Server
  const portOf = (of: { address: () => AddressInfo | string | null }) => (of.address() as AddressInfo).port

  /** A house with names that send on: to another of their own pages, to another house, and for ever. */
  function serve(host: string, path: string, answer: ServerResponse): void {
    const to = (Location: string) => answer.writeHead(302, { Location }).end()
    if (host === NAME) answer.writeHead(401).end()
    else if (host === `own.${NAME}` && path === '/login?x=1') answer.end('<title>Login</title>')
    else if (host === `own.${NAME}`) to('/login?x=1')
    else if (host === `away.${NAME}`) to('https://auth.example.net/?rd=x')
    else if (host === `round.${NAME}`) to(`https://round.${NAME}/`)
    else answer.writeHead(404).end()
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ms-visit-'))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const subject = ['-subj', '/O=An authority/CN=x', '-addext', `subjectAltName=DNS:${NAME},DNS:*.${NAME}`]
    const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '9']
    execFileSync('openssl', [...how, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
    server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (asked, answer) =>
      serve(asked.headers.host ?? '', asked.url ?? '', answer),
    )
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  })

  afterAll(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })

  test('sees code, names, authority and end, and who is not believed', async () => {
    const seen = await visit(NAME, portOf(server))
    expect(seen).toMatchObject({
      status: 401,
      certificate: { names: [NAME, `*.${NAME}`], issuer: 'An authority', fault: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    })
    if (!('certificate' in seen)) throw new Error('There is no certificate.')
    expect(Math.round((seen.certificate.until - Date.now()) / DAY)).toBe(9)
  })

  test('goes on where it is sent within the name, and nowhere else', async () => {
    const port = portOf(server)
    expect(await visit(`own.${NAME}`, port)).toMatchObject({ status: 200, text: '<title>Login</title>' })
    expect(await visit(`away.${NAME}`, port)).toMatchObject({ status: 302, location: 'https://auth.example.net/?rd=x' })
    expect(await visit(`round.${NAME}`, port)).toMatchObject({ status: 302, location: `https://round.${NAME}/` })
  })

  test('finds somebody without a certificate, and nobody', async () => {
    const plain = createPlain((_asked, answer) => answer.end('hello'))
    await new Promise<void>(resolve => plain.listen(0, '127.0.0.1', resolve))
    const port = portOf(plain)
    expect(await visit(NAME, port)).toEqual({ unreachable: 'it has no certificate to show', tls: true })
    await new Promise(resolve => plain.close(resolve))
    expect(await visit(NAME, port)).toEqual({ unreachable: 'nobody is there', tls: false })
  })
})
