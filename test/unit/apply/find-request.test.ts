import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Answers } from '../../../firstboot/answers/answers.ts'
import { answersFromJson, answersToJson } from '../../../firstboot/answers/json.ts'
import { writeDurably } from '../../../firstboot/apply/durable.ts'
import { findRequest } from '../../../firstboot/apply/find-request.ts'
import { answersPath, changedPath, firstBootPath } from '../../../firstboot/apply/places.ts'
import { readRequest, type Request, requestPath, setupFolder, writeRequest } from '../../../firstboot/apply/request.ts'
import { planConfigure, planFirstBoot } from '../../../firstboot/plan/plan-setup.ts'
import { hashOf } from '../../../firstboot/plan/hash.ts'
import { someAnswers } from '../plan-setup/answers.ts'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'find-request-'))))
afterEach(() => rm(folder, { recursive: true }))

const old: Answers = { ...someAnswers, systemDisk: 'x' }
const changed: Answers = { ...old, hostname: 'cinema', vpn: null }
const stoppedPath = `${setupFolder}/request.json`

const keep = async (answers: Answers) =>
  await writeDurably(join(folder, answersPath), answersToJson(answers), { mode: 0o600 })
const kept = async () => answersFromJson(await readFile(join(folder, answersPath), 'utf8'))
const agree = async (answers: Answers) => {
  const plan = planConfigure(answers)
  await writeRequest(join(folder, requestPath), { answers, plan, consent: plan.hash, by: 'tty1' })
}
const installation = (answers: Answers): Request => {
  const plan = { mode: 'install' as const, changes: [], disks: [] }
  return { answers, plan: { ...plan, hash: hashOf(plan) }, consent: hashOf(plan), by: 'tty1' }
}

test('nothing is applied where nothing was agreed to', async () => {
  expect(await findRequest(folder)).toBeNull()
})

test('the answers of a system are applied again when nobody has said anything', async () => {
  await keep(old)
  expect(await findRequest(folder)).toMatchObject({ plan: planConfigure(old), by: 'mediaserver apply' })
})

test('at the first start only the services are left', async () => {
  await keep(old)
  await writeDurably(join(folder, firstBootPath), '', { mode: 0o600 })
  expect((await findRequest(folder))?.plan).toEqual(planFirstBoot(old))
})

describe('answers that are changed on the installed system', () => {
  test('are its answers from then on, for the supervisor and for every later look', async () => {
    await keep(old)
    await agree(changed)
    expect(await findRequest(folder)).toMatchObject({ answers: changed, plan: planConfigure(changed), by: 'tty1' })
    expect(await kept()).toEqual(changed)
  })

  test('are tried again after a failure or a power cut, all of them, at the first start too', async () => {
    await keep(old)
    await writeDurably(join(folder, firstBootPath), '', { mode: 0o600 })
    await agree(changed)
    await findRequest(folder)
    // After a power cut nothing of memory is left.
    await rm(join(folder, 'run'), { recursive: true })
    expect((await findRequest(folder))?.plan).toEqual(planConfigure(changed))
    expect(await readFile(join(folder, changedPath), 'utf8')).toBe('')
  })

  test('do not come back after somebody has changed them elsewhere in the same session', async () => {
    await keep(old)
    await agree(changed)
    await findRequest(folder)
    await keep({ ...changed, timezone: 'Europe/Rome' })
    expect((await findRequest(folder))?.answers.timezone).toBe('Europe/Rome')
  })

  test('are not undone by the end of an installation that is still to come', async () => {
    await keep(old)
    await writeRequest(join(folder, stoppedPath), installation(old))
    await agree(changed)
    expect(await findRequest(folder)).toMatchObject({ answers: changed, plan: { mode: 'install' } })
    expect((await readRequest(join(folder, stoppedPath)))?.answers).toEqual(changed)
    await rm(join(folder, stoppedPath))
    expect((await findRequest(folder))?.plan).toEqual(planConfigure(changed))
  })
})

test('what was agreed to for an installation comes before what a power cut has stopped', async () => {
  await writeRequest(join(folder, stoppedPath), installation(old))
  await writeRequest(join(folder, requestPath), installation(changed))
  expect((await findRequest(folder))?.answers).toEqual(changed)
})

test('a request that is not what was agreed to is refused', async () => {
  await writeRequest(join(folder, requestPath), installation(old))
  const text = await readFile(join(folder, requestPath), 'utf8')
  await writeFile(join(folder, requestPath), text.replace('"install"', '"in-place"'))
  await expect(findRequest(folder)).rejects.toThrow(/not what was agreed to/)
})
