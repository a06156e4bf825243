import { cp, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openWorkshop } from '../../builder/bench/workshop.ts'
import { places } from '../../builder/places.ts'
import { sha256OfFile } from '../../builder/shared/hash.ts'

const never = new AbortController().signal
const build = ['image', '--base', 'debian-13', '--sources', 'standin', '--out', 'out']
const imageOf = (project: string) => join(project, 'out/media-server-0.1.0-debian-13-full-demo.img')

describe('two builds from one lock', async () => {
  const first = await openWorkshop(places().project)
  const second = await openWorkshop(first.project)
  afterAll(async () => {
    await first[Symbol.asyncDispose]()
    await second[Symbol.asyncDispose]()
  })

  it('give the same bytes in two folders, with nothing shared but the lock', async () => {
    await first.time(build, never)
    await cp(join(first.store, 'lock.yaml'), join(second.store, 'lock.yaml')).catch(() => undefined)
    await second.time(build, never)
    expect(await sha256OfFile(imageOf(second.project))).toBe(await sha256OfFile(imageOf(first.project)))
  })

  it('need no network when the packages are there', async () => {
    await rm(join(second.store, 'entries'), { recursive: true })
    // A mirror that cannot be reached: whatever asked it would fail.
    await second.time([...build, '--mirror', 'http://127.0.0.1:9/debian'], never)
    expect((await stat(imageOf(second.project))).size).toBe((await stat(imageOf(first.project))).size)
  })
})
