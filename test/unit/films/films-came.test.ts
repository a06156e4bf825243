import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runLong } from '../../../firstboot/run.ts'

const PROGRAM = join(import.meta.dirname, '../../../overlays/firstboot/usr/lib/mediaserver/films-came')
let folder: string

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'films-'))))
afterEach(async () => await rm(folder, { recursive: true }))

const fake = async (name: string, text: string) =>
  await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })

/** What Docker was told, when it is in these states one after the other; the last one stays. */
async function ordersWith(...states: readonly [string, ...string[]]): Promise<string[]> {
  await writeFile(join(folder, 'states'), `${states.join('\n')}\n`)
  await writeFile(join(folder, 'orders'), '')
  await fake(
    'systemctl',
    `f='${folder}/states'; head -n 1 "$f"; [ "$(wc -l <"$f")" -eq 1 ] || sed -i 1d "$f"; echo "$*" >>'${folder}/asked'`,
  )
  await fake('sleep', ':')
  await fake(
    'docker',
    `echo "$*" >>'${folder}/orders'
case $1 in
ps) printf 'a1\\nb2\\nc3\\n' ;;
inspect) printf 'a1 /home/x/config\\nb2 /home/x/config /data/media\\n\\n' ;;
esac`,
  )
  const { code, stderr } = await runLong('env', [`PATH=${folder}:/usr/bin:/bin`, 'sh', PROGRAM], {})
  expect([code, stderr]).toEqual([0, ''])
  return (await readFile(join(folder, 'orders'), 'utf8')).split('\n').filter(line => line !== '')
}

test('containers that use the film disk are started anew when Docker runs', async () => {
  const orders = await ordersWith('running')
  expect(orders.at(-1)).toBe('restart b2')
  // One that ended without a fault of Docker's was stopped by somebody.
  expect(orders[1]).toContain('{{if or .State.Running .State.Error (eq .State.Status "created")}}')
})

test('a Docker that starts is waited for: it may have tried them without the disk', async () => {
  expect((await ordersWith('start-pre', 'start', 'start', 'running')).at(-1)).toBe('restart b2')
})

test.each(['dead', 'failed', 'auto-restart', 'auto-restart-queued', 'stop-sigterm'])(
  'a Docker that is %s finds the disk when it starts, and is neither waited for nor started',
  async state => {
    expect(await ordersWith(state)).toEqual([])
    expect(await readFile(join(folder, 'asked'), 'utf8')).not.toMatch(/^start|restart/m)
  },
)

test('a start that comes to nothing is no fault of the disk', async () => {
  expect(await ordersWith('start', 'failed')).toEqual([])
})
