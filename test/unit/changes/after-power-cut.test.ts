import { mkdir, mkdtemp, readdir, stat, truncate, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../../builder/shared/run.ts'
import type { Site } from '../../../firstboot/changes/change.ts'
import { makeFolder } from '../../../firstboot/changes/files.ts'
import { hostKeys } from '../../../firstboot/changes/identity.ts'

const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, mode: 0o755 }

describe('what a power cut leaves behind', () => {
  async function withKeys() {
    const root = await mkdtemp(join(tmpdir(), 'keys-'))
    await mkdir(join(root, 'etc/ssh'), { recursive: true })
    await run({ argv: ['ssh-keygen', '-A', '-f', root] })
    return { ssh: join(root, 'etc/ssh'), site: { path: (path: string) => join(root, path) } as Site }
  }

  test('host keys that are whole are taken as they are', async () => {
    const { site, ssh } = await withKeys()
    const { whole, broken } = await hostKeys(site)
    expect(whole.length).toBe((await readdir(ssh)).filter(name => name.endsWith('_key')).length)
    expect(broken).toEqual([])
  })

  test.each<[string, (ssh: string) => Promise<void>]>([
    ['empty', ssh => truncate(join(ssh, 'ssh_host_ed25519_key'), 0)],
    ['torn', ssh => truncate(join(ssh, 'ssh_host_ed25519_key'), 200)],
    ['without its public half', ssh => unlink(join(ssh, 'ssh_host_ed25519_key.pub'))],
    ['with an empty public half', ssh => truncate(join(ssh, 'ssh_host_ed25519_key.pub'), 0)],
  ])('a host key that is %s is made anew', async (_, damage) => {
    const { site, ssh } = await withKeys()
    await damage(ssh)
    expect((await hostKeys(site)).broken).toEqual([join(ssh, 'ssh_host_ed25519_key')])
  })

  test('a folder that was not given to its owner yet is none', async () => {
    const at = await mkdtemp(join(tmpdir(), 'folder-'))
    await mkdir(join(at, 'media.new'))
    await makeFolder(join(at, 'media'), owner)
    expect(await readdir(at)).toEqual(['media'])
    expect((await stat(join(at, 'media'))).mode & 0o777).toBe(0o755)
  })

  test('a folder that is there is left alone', async () => {
    const at = await mkdtemp(join(tmpdir(), 'folder-'))
    await mkdir(join(at, 'media'), { mode: 0o700 })
    await makeFolder(join(at, 'media'), owner)
    expect((await stat(join(at, 'media'))).mode & 0o777).toBe(0o700)
  })
})
