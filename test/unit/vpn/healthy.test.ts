import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runLong } from '../../../firstboot/run.ts'

const SCRIPT = join(import.meta.dirname, '../../../overlays/firstboot/usr/share/mediaserver/nordlynx/healthy.sh')
const NOW = 1_000_000
let folder: string

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'healthy-'))))
afterEach(async () => await rm(folder, { recursive: true }))

/** What the health check says of a tunnel with this last handshake, through which much has come. */
async function healthy(handshake: number) {
  const programs = {
    wg: `case "$3" in latest-handshakes) printf 'peer\\t${handshake}\\n' ;; *) printf 'peer\\t90000\\t1\\n' ;; esac`,
    date: `echo ${NOW}`,
  }
  for (const [name, text] of Object.entries(programs))
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  const environment = [`PATH=${folder}:/usr/bin:/bin`, `TUNNEL_SEEN=${join(folder, 'seen')}`]
  const { code, stdout } = await runLong('env', [...environment, 'sh', SCRIPT], {})
  return { code, words: stdout.trim() }
}

test.each([
  ['a fresh handshake', NOW - 30, 0, ''],
  ['the handshake of this second', NOW, 0, ''],
  ['an old handshake', NOW - 500, 1, "the VPN's server has not answered for 500 seconds"],
  ['no handshake', 0, 1, "the VPN's server has not answered yet"],
  ['a handshake of the future', NOW + 500, 1, "the VPN's server has not answered since the clock was set back"],
])('%s', async (_what, handshake, code, words) => {
  expect(await healthy(handshake)).toEqual({ code, words })
})
