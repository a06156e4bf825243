import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { openWorkshop } from '../../builder/bench/workshop.ts'
import { places } from '../../builder/places.ts'
import { sha256OfFile } from '../../builder/shared/hash.ts'

const never = new AbortController().signal
const build = ['image', '--base', 'debian-13', '--sources', 'standin']

/** Command lines of processes that work in a folder. */
async function processesIn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter(line => line.includes(folder)).map(line => line.replaceAll('\0', ' '))
}

describe('a build that is killed with SIGKILL', async () => {
  const shop = await openWorkshop(places().project)
  afterAll(async () => await shop[Symbol.asyncDispose]())
  const image = join(shop.project, 'out/media-server-0.1.0-debian-13-full-demo.img')

  /** Starts a build and kills it some time after a step has begun. */
  async function killIn(step: string, milliseconds: number): Promise<void> {
    const child = spawn(process.execPath, ['builder/cli.ts', ...build], {
      cwd: shop.project,
      env: { ...process.env, GITHUB_ACTIONS: '', MEDIASERVER_STORE: shop.store },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise(resolve => child.on('exit', resolve))
    let killed = false
    for await (const line of createInterface({ input: child.stdout })) {
      if (killed || !line.startsWith(`${step}: `)) continue
      killed = true
      await delay(milliseconds)
      child.kill('SIGKILL')
    }
    await ended
    expect(killed).toBe(true)
  }

  it.each([
    ['packages', 300],
    ['root', 5_000],
    ['root', 45_000],
    ['layer', 20],
    ['esp', 50],
    ['disk', 400],
  ])('in the step %s leaves no process and no mount, and goes on next time', async (step, milliseconds) => {
    await killIn(step, milliseconds)
    await expect.poll(() => processesIn(shop.store), { timeout: 10_000 }).toEqual([])
    expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(shop.store)
  })

  it('comes to the same bytes as one that was never killed', async () => {
    await shop.time(build, never)
    await using other = await openWorkshop(shop.project)
    await other.time(build, never)
    expect(await sha256OfFile(image)).toBe(await sha256OfFile(image.replace(shop.project, other.project)))
  })
})
