import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyLockPath } from '../../../firstboot/apply/places.ts'
import type { Site } from '../../../firstboot/changes/change.ts'
import { takeLock } from '../../../firstboot/lock.ts'
import { cataloguePath } from '../../../firstboot/stack/catalogue.ts'
import { look } from '../../../firstboot/vpn/supervisor/look.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../plan-setup/answers.ts'
import { offline } from './world.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'look-'))
  await mkdir(join(folder, cataloguePath, '..'), { recursive: true })
  await writeFile(join(folder, cataloguePath), '[]')
})
afterEach(async () => await rm(folder, { recursive: true }))

/** A machine on which only locks are real. */
function machine(): Site {
  const real = folderSite(folder, { ...someAnswers, systemDisk: 'x' })
  const attempt: Site['attempt'] = async (argv, follow) =>
    argv[0] === 'flock' ? await real.attempt(argv, follow) : { code: 1, stdout: '', stderr: 'not here' }
  return { ...real, attempt, run: async () => '[]' }
}

test('whoever applies answers is seen, however it was started, and not any more when it has ended', async () => {
  expect((await look(machine(), offline)).applying).toBe(false)
  const held = await takeLock(join(folder, applyLockPath), new AbortController().signal)
  expect((await look(machine(), offline)).applying).toBe(true)
  await held[Symbol.asyncDispose]()
  expect((await look(machine(), offline)).applying).toBe(false)
})
