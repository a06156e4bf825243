import { afterEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { judgeLinks } from '../../../firstboot/verify/links/judge-links.ts'
import { openHttp } from '../../../firstboot/wiring/http.ts'
import { inspectWiring } from '../../../firstboot/wiring/wire.ts'
import type { Stack } from '../../../firstboot/wiring/link.ts'
import { Bench } from './stack.ts'

let bench: Bench
afterEach(async () => await bench.close())

const verify = async (stack: Partial<Stack> = {}) => {
  const all = { ...bench.stack, ...stack }
  return judgeLinks(await inspectWiring(all, openHttp(3000), bench.memory, new AbortController().signal), all.places)
}

describe('connections of a stack', () => {
  test('are named when they break, and well again when they are mended', async () => {
    bench = await Bench.open()
    for (const name of bench.stack.services) await bench.start(name)
    const wired = await bench.wire(60_000)
    expect(await verify()).toMatchObject({ verdict: 'pass', words: `All ${wired.links} connections are right.` })
    bench.takeWrites()

    const apiKeys = { ...bench.stack.keys.apiKeys, sonarr: new Secret('0'.repeat(32)) }
    const refused = await verify({ keys: { ...bench.stack.keys, apiKeys } })
    expect(refused).toMatchObject({ verdict: 'fail', trouble: 'link-refused' })
    expect(refused.words).toContain('Sonarr refuses the key that was made for it (code 401')

    // What is wanted is another now than what was written.
    const moved = await verify({ publicUrl: 'https://films.example.org' })
    expect(moved).toMatchObject({ verdict: 'fail', trouble: 'link-wrong' })
    expect(moved.words).toMatch(/^"Jellyseerr.*" is not as it was set up\.$/)
    expect(bench.takeWrites()).toEqual([])
    expect(await verify()).toMatchObject({ verdict: 'pass' })

    await bench.stop('radarr')
    const absent = await verify()
    expect(absent).toMatchObject({ verdict: 'fail', trouble: 'link-program-absent' })
    expect(absent.words).toMatch(/^Radarr is not up: /)
  })
})
