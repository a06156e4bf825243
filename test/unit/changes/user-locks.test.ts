import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Site } from '../../../firstboot/changes/change.ts'
import { user } from '../../../firstboot/changes/user.ts'
import { removeStaleLocks } from '../../../firstboot/changes/user-locks.ts'
import { runLong } from '../../../firstboot/run.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../plan-setup/answers.ts'

async function systemWith(locks: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'locks-'))
  await mkdir(join(folder, 'etc'))
  for (const [name, text] of Object.entries({ '.pwd.lock': '', ...locks }))
    await writeFile(join(folder, 'etc', name), text)
  const site = folderSite(folder, someAnswers)
  return { folder, site, left: async () => (await readdir(join(folder, 'etc'))).filter(name => name.endsWith('.lock')) }
}

/** Runs something for as long as a program with this name lives. */
async function whileRuns(name: string, body: (pid: string) => Promise<void>): Promise<void> {
  const program = join(await mkdtemp(join(tmpdir(), 'program-')), name)
  await writeFile(program, '#!/bin/sh\necho $$\nwhile :; do sleep 0.1; done\n', { mode: 0o755 })
  const stop = new AbortController()
  const started = Promise.withResolvers<string>()
  const ended = runLong(program, [], { onLine: started.resolve, signal: stop.signal })
  await body(await started.promise).finally(() => stop.abort())
  await ended
}

// useradd(8) waits for a lock whose number lives, whoever has it by now, and gives up at one without a number.
const stale = { 'passwd.lock': String(process.pid), 'group.lock': '', 'shadow.lock': '4194999', 'subuid.lock': 'x' }

test('in a system that is being set up nobody holds a lock of the users, whatever it says', async () => {
  await whileRuns('useradd', async pid => {
    const { site, left } = await systemWith({ ...stale, 'gshadow.lock': pid })
    await removeStaleLocks(site)
    expect(await left()).toEqual(['.pwd.lock'])
  })
})

test('on the running system a lock stays with a program that manages users, and with nobody else', async () => {
  await whileRuns('useradd', async pid => {
    const { site, left } = await systemWith({ ...stale, 'gshadow.lock': `${pid}\0` })
    await removeStaleLocks({ ...site, target: '' })
    expect(await left()).toEqual(['.pwd.lock', 'gshadow.lock'])
  })
})

test('the user is made after the locks are gone that a power cut has left', async () => {
  const { folder, site, left } = await systemWith(stale)
  for (const file of ['passwd', 'group']) await writeFile(join(folder, 'etc', file), '')
  const ran: string[] = []
  const runInside: Site['runInside'] = async ([program]) => {
    ran.push(`${program} finds ${(await left()).join()}`)
    return ''
  }
  await user.apply(user.parse({ user: 'anna', sshKeys: [] }), { ...site, runInside, run: runInside })
  expect(ran).toEqual(['useradd', 'mkhomedir_helper', 'chown', 'chpasswd'].map(name => `${name} finds .pwd.lock`))
})

test('a user whom a power cut has left without a group gets it, and the others', async () => {
  const { folder, site } = await systemWith({})
  await writeFile(join(folder, 'etc/passwd'), 'anna:x:1000:1000::/home/anna:/bin/bash\n')
  await writeFile(join(folder, 'etc/group'), 'sudo:x:27:\nvideo:x:44:\n')
  const params = user.parse({ user: 'anna', sshKeys: [] })
  const ran: string[] = []
  const runInside: Site['runInside'] = async argv => {
    ran.push(argv.join(' '))
    return ''
  }
  const half = { ...site, runInside, run: runInside }
  expect(await user.check(params, half)).toBeNull()
  await user.apply(params, half)
  expect(ran.slice(0, 2)).toEqual(['groupadd --gid 1000 anna', 'usermod --gid 1000 --append --groups sudo,video anna'])
})
