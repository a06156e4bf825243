import { describe, expect, test } from 'vitest'
import type { Ask } from '../../../../firstboot/plex/ask.ts'
import { plexFolder } from '../../../../firstboot/plex/preferences-file.ts'
import { plexStatePath } from '../../../../firstboot/plex/state.ts'
import type { Finding } from '../../../../firstboot/verify/check.ts'
import { plexCheck } from '../../../../firstboot/verify/video/plex.ts'
import { recall, remember, rememberedPath } from '../../../../firstboot/verify/video/remembered.ts'
import { selfTestFolder } from '../../../../firstboot/verify/video/self-test.ts'
import { healthy, healthyTree, machineOf, n100 } from './machines.ts'
import { type Programs, sceneOf, type Tree } from './scene.ts'

const plex = plexCheck(1)

/** A Plex that does what it is told here, and notes what it is asked. */
interface Server {
  readonly claimed?: boolean
  readonly switchedOn?: boolean
  /** Films by library. */
  readonly films?: Readonly<Record<string, readonly string[]>>
  /** What each look at the session shows; the last stays. Null: there is no session. */
  readonly sessions?: readonly (Readonly<Record<string, unknown>> | null)[]
  readonly start?: number
  /** It finds the film of the self-test. */
  readonly scans?: boolean
}

function serverOf(server: Server): {
  readonly ask: Ask
  readonly asked: string[]
  readonly libraries: Map<string, string>
} {
  const asked: string[] = []
  const libraries = new Map([['1', '/data/media/movies']])
  let session = ''
  let look = 0
  const json = (MediaContainer: unknown) => ({ status: 200, text: JSON.stringify({ MediaContainer }) })
  const answer = (method: string, url: URL) => {
    const [, library] = /^\/library\/sections\/(\d+)/.exec(url.pathname) ?? []
    switch (`${method} ${url.pathname}`) {
      case 'GET /identity':
        return json({ claimed: server.claimed ?? true, machineIdentifier: 'one', version: '1.43.4' })
      case 'GET /:/prefs':
        return json({ Setting: [{ id: 'HardwareAcceleratedCodecs', value: server.switchedOn ?? true }] })
      case 'GET /library/sections':
        return json({
          Directory: [...libraries].map(([key, path]) => ({
            key,
            title: path,
            type: 'movie',
            ...(path === '' ? {} : { Location: path.split(',').map(each => ({ path: each })) }),
          })),
        })
      case 'POST /library/sections':
        libraries.set('7', url.searchParams.get('location') ?? '')
        return json({})
      case `DELETE /library/sections/${library}`:
        libraries.delete(library ?? '')
        return json({})
      case `GET /library/sections/${library}/all`: {
        const films = library === '7' ? (server.scans === false ? [] : ['99']) : (server.films?.[library ?? ''] ?? [])
        return json({ size: films.length, Metadata: films.map(ratingKey => ({ ratingKey })) })
      }
      case 'GET /video/:/transcode/universal/start.m3u8':
        session = url.searchParams.get('session') ?? ''
        return { status: server.start ?? 200, text: `#EXTM3U\nsession/${session}/base/index.m3u8\n` }
      case 'GET /transcode/sessions': {
        const seen = server.sessions?.[Math.min(look++, server.sessions.length - 1)] ?? null
        return json(seen === null ? {} : { TranscodeSession: [{ key: `/transcode/sessions/${session}`, ...seen }] })
      }
      default:
        return { status: 200, text: '' }
    }
  }
  const ask: Ask = ({ method, url }) => {
    const parsed = new URL(url)
    asked.push(`${method} ${parsed.pathname}`)
    return Promise.resolve(answer(method, parsed))
  }
  return { ask, asked, libraries }
}

const hardware = {
  progress: 4.2,
  videoDecision: 'transcode',
  sourceVideoCodec: 'h264',
  transcodeHwRequested: true,
  transcodeHwDecoding: 'vaapi',
  transcodeHwEncoding: 'vaapi',
}
const software = { progress: 4.2, videoDecision: 'transcode', sourceVideoCodec: 'h264', transcodeHwRequested: true }
const notYet = { progress: 0, videoDecision: 'transcode', transcodeHwRequested: false, transcodeHwEncoding: '' }
const films = { '1': ['42'] }

const account = (pass: boolean | undefined): Tree => ({
  [plexStatePath]: JSON.stringify({ token: 'secret-token', username: 'anna', pass }),
})

async function check(
  server: Server,
  tree: Tree = account(true),
  programs: Programs = healthy(),
): Promise<Finding & ReturnType<typeof serverOf>> {
  const made = serverOf(server)
  return { ...(await plex.run(sceneOf(healthyTree(tree), programs, made.ask))), ...made }
}

test('a Plex that starts or is in maintenance proves nothing, and is no fault of the hardware', async () => {
  const of = async (...statuses: readonly number[]) => {
    let asked = 0
    const ask: Ask = async () => {
      const status = statuses[Math.min(asked++, statuses.length - 1)] ?? 503
      return { status, text: '<Response code="503" title="Maintenance"/>' }
    }
    const { verdict, trouble } = await plex.run(sceneOf(healthyTree(account(true)), healthy(), ask))
    return [verdict, trouble]
  }
  expect(await of(503)).toEqual(['warn', 'video-plex-starting'])
  expect(await of(503, 200)).toEqual(['warn', 'video-plex-starting'])
  expect(await of(500)).toEqual(['fail', 'video-plex-down'])
  // What it proved before does not count while it cannot be asked.
  const proof = { version: '1.43.4', at: Date.now(), words: 'It worked.' }
  const tree = healthyTree({ ...account(true), [rememberedPath]: JSON.stringify(proof) })
  const busy: Ask = async () => ({ status: 503, text: '' })
  expect((await plex.run(sceneOf(tree, healthy(), busy))).verdict).toBe('warn')
})

test('a film that was made smaller in hardware is the proof, and is let go afterwards', async () => {
  const { verdict, words, asked } = await check({ films, sessions: [null, notYet, hardware] })
  expect([verdict, words]).toEqual(['pass', 'Plex transcoded a film: decoded by vaapi, encoded by vaapi.'])
  expect(asked.at(-1)).toBe('GET /video/:/transcode/universal/stop')
  expect(asked.at(-2)).toMatch(/^DELETE \/transcode\/sessions\//)
})

test('the processor is found out, with what Plex has logged of it', async () => {
  const log = 'DEBUG - [Req#1/Transcode] TPU: hardware transcoding: enabled, but no hardware decode accelerator found'
  const asked: string[] = []
  const programs = healthy(line => {
    asked.push(line)
    return line.startsWith('tail') ? { stdout: `other words\n${log}` } : null
  })
  const found = await check({ films, sessions: [software] }, account(true), programs)
  expect(found).toMatchObject({ verdict: 'fail', trouble: 'video-plex-software' })
  expect(found.detail).toEqual(['hardware transcoding: enabled, but no hardware decode accelerator found'])
  expect(asked).toContain(`tail --lines=2000 ${plexFolder}/Logs/Plex Media Server.log`)
})

test('the names are told a little later than the beginning', async () => {
  expect((await check({ films, sessions: [software, software, hardware] })).verdict).toBe('pass')
})

test('with a second device the wrong one may have been chosen', async () => {
  const two = machineOf([
    { ...n100, node: 'renderD129' },
    { address: '0000:01:00.0', pciId: '10de:1c82', driver: 'nvidia', node: 'renderD128' },
  ])
  const { ask } = serverOf({ films, sessions: [software] })
  const found = await plex.run(sceneOf({ ...two, ...account(true) }, healthy(), ask))
  expect(found.trouble).toBe('video-two-devices')
})

test.each([
  ['decoding by the processor what any hardware decodes', { ...hardware, transcodeHwDecoding: '' }, 'warn'],
  [
    'decoding by the processor what old hardware cannot',
    { ...hardware, transcodeHwDecoding: '', sourceVideoCodec: 'av1' },
    'pass',
  ],
  ['a picture that was only copied', { ...hardware, videoDecision: 'copy' }, 'warn'],
  ['a name that says no', { ...hardware, transcodeHwEncoding: '0' }, 'fail'],
])('%s', async (_, session, expected) => expect((await check({ films, sessions: [session] })).verdict).toBe(expected))

describe('is not tried', () => {
  const asks = (asked: readonly string[]) => asked.some(line => line.includes('/transcode/'))
  test.each([
    ['without an account', { claimed: false }, true, 'warn video-plex-no-account'],
    ['without a Plex Pass', {}, false, 'warn video-no-plex-pass'],
    ['when it is switched off', { switchedOn: false }, true, 'fail video-plex-off'],
  ])('%s', async (_, server, pass, expected) => {
    const { verdict, trouble, asked } = await check({ films, sessions: [hardware], ...server }, account(pass))
    expect(`${verdict} ${trouble}`).toBe(expected)
    expect(asks(asked)).toBe(false)
  })
})

describe('a proof is kept for a day', () => {
  const at = Date.UTC(2026, 0, 1)
  const kept = (version: string, age: number): Tree => ({
    ...account(true),
    [rememberedPath]: JSON.stringify({ version, at: Date.now() - age, words: 'Plex transcoded a film.' }),
  })

  test('so that the film disk is not woken each hour', async () => {
    const { verdict, words, asked } = await check({ films, sessions: [software] }, kept('1.43.4', 5 * 3_600_000))
    expect([verdict, words]).toEqual(['pass', 'Plex transcoded a film. That was 5 hours ago.'])
    expect(asked.some(line => line.includes('/transcode/'))).toBe(false)
  })

  test.each([
    ['of another version', kept('1.43.3', 0)],
    ['that is too old', kept('1.43.4', 25 * 3_600_000)],
    ['from a time that is still to come', kept('1.43.4', -60_000)],
    ['that is damaged', { ...account(true), [rememberedPath]: '{"version":"1.43.4"' }],
  ])('but none %s', async (_, tree) =>
    expect((await check({ films, sessions: [software] }, tree)).verdict).toBe('fail'),
  )

  test('and only when it is one', async () => {
    const ran: string[] = []
    const programs = healthy(line => (ran.push(line), null))
    await check({ films, sessions: [hardware] }, account(true), programs)
    expect(ran.filter(line => line.includes(rememberedPath))).toHaveLength(1)
    await check({ films, sessions: [software] }, account(true), programs)
    await check({ films, sessions: [{ ...hardware, transcodeHwDecoding: '' }] }, account(true), programs)
    expect(ran.filter(line => line.includes(rememberedPath))).toHaveLength(1)
  })

  test('what was kept is what is read again', async () => {
    const input: string[] = []
    const scene = sceneOf({})
    const proof = { version: '1.43.4', at, words: 'Plex transcoded a film.' }
    await remember(
      { ...scene, attempt: (argv, follow) => (input.push(follow?.input as string), scene.attempt(argv, follow)) },
      proof,
    )
    const { root } = sceneOf({ [rememberedPath]: input[0] ?? '' })
    expect(recall({ root, now: () => at + 1 }, '1.43.4')).toEqual(proof)
  })
})

test('graphics of another maker need not be used', async () => {
  const amd = machineOf([{ address: '0000:03:00.0', pciId: '1002:15bf', driver: 'amdgpu', node: 'renderD128' }])
  const found = await plex.run(
    sceneOf({ ...amd, ...account(true) }, healthy(), serverOf({ films, sessions: [software] }).ask),
  )
  expect([found.verdict, found.trouble]).toEqual(['warn', 'video-other-maker'])
})

test('a Plex that refuses is no proof', async () => {
  const { verdict, trouble, words } = await check({ films, start: 400 })
  expect([verdict, trouble]).toEqual(['warn', 'video-plex-unclear'])
  expect(words).toContain('code 400')
})

describe('a Plex without films', () => {
  test('gets one for the trial, and loses it again', async () => {
    const ran: string[] = []
    const programs = healthy(line => (ran.push(line), /^(?:install|ffmpeg|rm) /.test(line) ? {} : null))
    const tree = { ...account(true), [`${selfTestFolder}/Self-test.mp4`]: '' }
    const { verdict, asked, libraries } = await check({ sessions: [hardware] }, tree, programs)
    expect(verdict).toBe('pass')
    expect(asked).toContain('POST /library/sections')
    expect([...libraries.values()]).toEqual(['/data/media/movies'])
    const cleared = ran.lastIndexOf(`rm -rf -- ${selfTestFolder}`)
    expect(cleared).toBeGreaterThan(ran.findIndex(line => line.startsWith('ffmpeg')))
  })

  test('is not tried where none can be made, and says so', async () => {
    const { verdict, trouble } = await check(
      { sessions: [hardware] },
      account(true),
      healthy(line => (line.startsWith('install') ? { code: 1 } : null)),
    )
    expect([verdict, trouble]).toEqual(['warn', 'video-plex-no-film'])
  })

  test('what an earlier trial left behind is taken away first, and no film of it counts', async () => {
    const made = serverOf({ films, sessions: [hardware] })
    made.libraries.set('7', `${selfTestFolder}/`)
    // One without a folder, or with another one too, is not ours.
    made.libraries.set('8', '')
    made.libraries.set('9', `${selfTestFolder},/data/media/other`)
    await plex.run(sceneOf(healthyTree(account(true)), healthy(), made.ask))
    expect([...made.libraries.keys()]).toEqual(['1', '8', '9'])
    expect(made.asked).not.toContain('POST /library/sections')
  })
})

test('no word of a finding holds the token', async () => {
  for (const server of [
    { films, sessions: [hardware] },
    { films, start: 401 },
    { films, sessions: [software] },
  ])
    expect(JSON.stringify({ ...(await check(server)), ask: null })).not.toContain('secret-token')
})
