import { expect, test, describe } from 'vitest'
import { defaultMirror, reachArchive, requireArchive } from '../../../builder/setup/archive.ts'

const program = `
    my $mirror    = 'http://one.test/debian';
    my $secmirror = 'http://sec.test/debian-security';
    if (any { $_ eq $suite } @ubuntustable) {
            $mirror    = 'http://two.test/ubuntu';
            $mirror    = 'http://three.test/ubuntu-ports';
`
const readMmdebstrap = async () => program
const debian = { id: 'debian-13', title: 'Debian 13', family: 'debian', suite: 'trixie' } as const
const testing = { id: 'debian-testing', title: 'Debian testing', family: 'debian', suite: 'testing' } as const
const ubuntu = { id: 'ubuntu-26.04', title: 'Ubuntu 26.04', family: 'ubuntu', suite: 'resolute' } as const

/** A fetch that gives a status, or fails as the network does. */
function answers(status: (url: string) => number | NodeJS.ErrnoException): typeof fetch {
  return async input => {
    const result = status(String(input))
    if (typeof result === 'number') return new Response(null, { status: result })
    throw new TypeError('fetch failed', { cause: result })
  }
}
const unknownName = Object.assign(new Error('getaddrinfo ENOTFOUND two.test'), { code: 'ENOTFOUND' })

test('mmdebstrap itself tells the archives', () => {
  expect(defaultMirror(program, 'debian')).toBe('http://one.test/debian')
  expect(defaultMirror(program, 'ubuntu')).toBe('http://two.test/ubuntu')
  expect(defaultMirror('something else', 'ubuntu')).toBeUndefined()
})

describe('reaching an archive', () => {
  test('asks for the signed index of the suite', async () => {
    const asked: string[] = []
    const fetch = answers(url => (asked.push(url), 200))
    expect(await reachArchive(ubuntu, { readMmdebstrap, fetch })).toEqual({ kind: 'reachable' })
    await reachArchive(debian, { mirror: 'http://mine.test/d/', fetch })
    await reachArchive(debian, { mirror: 'deb [trusted=yes] http://mine.test/d trixie main', fetch })
    expect(asked).toEqual([
      'http://two.test/ubuntu/dists/resolute/InRelease',
      ...Array<string>(2).fill('http://mine.test/d/dists/trixie/InRelease'),
    ])
  })

  test('says why not', async () => {
    const reason = async (status: number | NodeJS.ErrnoException) =>
      await reachArchive(debian, { readMmdebstrap, fetch: answers(() => status) })
    expect(await reason(404)).toEqual({ kind: 'unreachable', reason: 'it has no suite "trixie"' })
    expect(await reason(503)).toEqual({ kind: 'unreachable', reason: 'it answers 503' })
    expect(await reason(unknownName)).toEqual({ kind: 'unreachable', reason: 'its name is not known to the DNS' })
  })

  test('does not wait for long', async () => {
    const silent: typeof fetch = async (_input, init) =>
      await new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      })
    expect(await reachArchive(debian, { readMmdebstrap, fetch: silent, timeoutMs: 20 })).toEqual({
      kind: 'unreachable',
      reason: 'no answer in time',
    })
  })

  test('does not guess when mmdebstrap says nothing, or the mirror is a folder', async () => {
    const fetch = answers(() => 500)
    expect(await reachArchive(debian, { readMmdebstrap: async () => '', fetch })).toEqual({ kind: 'unknown' })
    expect(await reachArchive(debian, { mirror: 'file:///srv/mirror', fetch })).toEqual({ kind: 'unknown' })
  })
})

describe('a build that needs a silent archive', () => {
  test('is told what can be built instead', async () => {
    const fetch = answers(url => (url.includes('ubuntu') ? unknownName : 200))
    await expect(requireArchive(ubuntu, [debian, testing, ubuntu], { readMmdebstrap, fetch })).rejects.toMatchObject({
      name: 'UserError',
      message: 'The archive of Ubuntu 26.04 cannot be reached (its name is not known to the DNS).',
      mend: 'Bases that can be built from here: debian-13, debian-testing: npm run image -- --base debian-13',
    })
  })

  test('is told when nothing answers', async () => {
    await expect(
      requireArchive(ubuntu, [debian, ubuntu], { readMmdebstrap, fetch: answers(() => unknownName) }),
    ).rejects.toMatchObject({
      mend: 'No other archive answers either: look at the network connection, or name a mirror with --mirror.',
    })
  })

  test('goes on when the archive answers or cannot be told', async () => {
    await requireArchive(ubuntu, [ubuntu], { readMmdebstrap, fetch: answers(() => 200) })
    await requireArchive(ubuntu, [ubuntu], { readMmdebstrap: async () => '', fetch: answers(() => 500) })
  })
})
