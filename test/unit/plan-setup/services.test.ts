import { expect, test } from 'vitest'
import { diskId } from '../../../firstboot/disks/identity.ts'
import { systemChoice } from '../../../firstboot/disks/eligibility.ts'
import type { Machine } from '../../../firstboot/machine.ts'
import { planConfigure, planFirstBoot, planSetup } from '../../../firstboot/plan/plan-setup.ts'
import { probeMachine } from '../../../firstboot/probe/machine.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { layOut } from '../firstboot/recorded.ts'
import { someAnswers } from './answers.ts'

const facts = { seed: 'golden', vendor: 'debian', liveRoot: 'live', image: '0.1.0 live' }
const payload = {
  number: 5,
  path: '/dev/sdx5',
  sizeBytes: 1_000_000_000,
  startBytes: 0,
  partuuid: 'c0ffee00-0000-4000-8000-000000000000',
  parttype: '',
  partlabel: 'payload',
}

/** A recorded machine, with a full image on its stick or with a core one. */
async function changesOf(name: string, full: boolean): Promise<readonly { id: string; params: unknown }[]> {
  const machine = await probeMachine(openRoot(layOut(name)))
  const disks = machine.disks.map(disk =>
    full && disk.bootMedium ? { ...disk, partitions: [...disk.partitions, payload] } : disk,
  )
  const changed: Machine = { ...machine, disks }
  const system = disks.find(disk => systemChoice(disk, changed).ok)
  if (system === undefined) throw new Error('no disk can hold the system')
  const plan = planSetup(changed, { ...someAnswers, systemDisk: diskId(system, disks) }, facts)
  if ('problems' in plan) throw new Error(plan.problems.join('\n'))
  return plan.changes
}
const idsOf = (changes: readonly { id: string }[]) => changes.map(change => change.id)

test('a full image gives its services to the new system, before that can be started', async () => {
  const changes = await changesOf('one-ssd', true)
  const ids = idsOf(changes)
  expect(changes.find(change => change.id === 'copy-payload')?.params).toEqual({ payload: payload.partuuid })
  expect(ids.indexOf('copy-payload')).toBeGreaterThan(ids.indexOf('copy-system'))
  expect(ids.indexOf('copy-payload')).toBeLessThan(ids.indexOf('boot'))
  expect(ids.indexOf('first-boot')).toBeLessThan(ids.indexOf('boot'))
})

test('a core image has none to give', async () => {
  expect(idsOf(await changesOf('one-ssd', false))).not.toContain('copy-payload')
})

test('in place they stay where they are', async () => {
  const ids = idsOf(await changesOf('vm-in-place', true))
  expect(ids).not.toContain('copy-payload')
  expect(ids).toContain('first-boot')
})

test('the first start brings up the services alone; applying again looks at the settings too', () => {
  const [first, again] = [planFirstBoot(someAnswers), planConfigure(someAnswers)]
  const stack = ['stack-keys', 'vpn-key', 'kill-switch', 'docker', 'images', 'stack-files', 'stack-up', 'plex', 'wire']
  expect(idsOf(first.changes)).toEqual(stack)
  expect(idsOf(again.changes).slice(-stack.length)).toEqual(stack)
  expect(idsOf(again.changes)).toContain('ssh')
  expect([first, again].map(({ mode, disks }) => [mode, disks])).toEqual([
    ['configure', []],
    ['configure', []],
  ])
})

test('another choice of services is another plan', () => {
  const hashes = [someAnswers, { ...someAnswers, vpn: null }, { ...someAnswers, services: ['bazarr'] }].map(
    answers => planFirstBoot(answers).hash,
  )
  expect(new Set(hashes).size).toBe(3)
})
