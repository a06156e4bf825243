import { expect, test } from 'vitest'
import type { Machine } from '../../../firstboot/machine.ts'
import type { Plan } from '../../../firstboot/plan/plan.ts'
import { planSetup } from '../../../firstboot/plan/plan-setup.ts'
import { probeMachine } from '../../../firstboot/probe/machine.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { aDisk } from '../disks/a-disk.ts'
import { layOut } from '../firstboot/recorded.ts'
import { someAnswers } from './answers.ts'

const facts = { seed: 'one', vendor: 'debian', liveRoot: 'live', image: '0.1.0 live' }
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

async function machine(): Promise<Machine> {
  const recorded = await probeMachine(openRoot(layOut('no-disk')))
  const disks = ['S1', 'S2', 'H1', 'H2'].map((serial, index) => {
    const name = `sd${'abcd'[index]}`
    return aDisk({ serial, name, path: `/dev/${name}` })
  })
  return { ...recorded, role: 'live', disks }
}

function planOf(machine: Machine, systemDisk: string, films: string): Plan {
  const plan = planSetup(machine, { ...someAnswers, systemDisk, media: [{ disk: films, use: 'erase' }] }, facts)
  if ('problems' in plan) throw new Error(plan.problems.join('; '))
  return plan
}

/** What a plan calls everything that it makes. */
const identities = ({ changes }: Plan): Set<string> => {
  const known = new Set(JSON.stringify(changes.map(({ params }) => params['layout'] ?? null)).match(GUID))
  for (const { params } of changes)
    for (const id of JSON.stringify([params['ids'], params['fileSystem']]).match(GUID) ?? []) known.add(id)
  return known
}

// Every type of a partition is the same everywhere.
const types = (plan: Plan): Set<string> =>
  new Set(
    JSON.stringify(plan.changes)
      .match(/"type":"[0-9a-f-]{36}"/g)
      ?.flatMap(text => text.match(GUID) ?? []),
  )

test('after a failure on one disk, a set-up on another shares no identity with what the first may hold', async () => {
  const found = await machine()
  const first = planOf(found, 'S1', 'H1')
  const second = planOf(found, 'S2', 'H2')
  const own = [...identities(second)].filter(id => !types(second).has(id))
  expect(own.length).toBeGreaterThan(8)
  expect(own.filter(id => identities(first).has(id))).toEqual([])
})

test('a second try with the same disks goes on with what the first has made', async () => {
  const found = await machine()
  expect(planOf(found, 'S1', 'H1').hash).toBe(planOf(found, 'S1', 'H1').hash)
})
