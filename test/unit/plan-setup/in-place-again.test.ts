import { describe, expect, test } from 'vitest'
import { executePlan, type Ports } from '../../../firstboot/apply/execute.ts'
import type { Change, Site } from '../../../firstboot/changes/change.ts'
import type { DiskLayout } from '../../../firstboot/disks/partition-table.ts'
import { diskId } from '../../../firstboot/disks/identity.ts'
import type { Machine } from '../../../firstboot/machine.ts'
import type { Plan } from '../../../firstboot/plan/plan.ts'
import { planSetup } from '../../../firstboot/plan/plan-setup.ts'
import { probeMachine } from '../../../firstboot/probe/machine.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { codeOf, erased, isAgreed, noConsent } from '../../../firstboot/wizard/consent.ts'
import { layOut } from '../firstboot/recorded.ts'
import { someAnswers } from './answers.ts'

const facts = { seed: 'one', vendor: 'debian', liveRoot: 'live', image: '0.1.0 live' }

/** The plan of a machine with one disk. */
function planOf(machine: Machine): Plan {
  const [disk] = machine.disks
  const systemDisk = disk === undefined ? '' : diskId(disk, machine.disks)
  const plan = planSetup(machine, { ...someAnswers, systemDisk }, facts)
  if ('problems' in plan) throw new Error(plan.problems.join('; '))
  return plan
}
const machineOf = async (name: string) => await probeMachine(openRoot(layOut(name)))
const layoutOf = ({ changes }: Plan) => changes[0]?.params['layout'] as DiskLayout

/** The machine as a plan leaves it, when all of it failed after its partitions were there. */
function after(machine: Machine, plan: Plan): Machine {
  const added = layoutOf(plan).partitions.map(({ name, guid, start, bytes }, index) => ({
    number: 10 + index,
    path: `/dev/vda${10 + index}`,
    sizeBytes: bytes,
    startBytes: start,
    partuuid: guid,
    parttype: '',
    partlabel: name,
  }))
  const disks = machine.disks.map(disk => ({ ...disk, freeBytes: 0, partitions: [...disk.partitions, ...added] }))
  return { ...machine, disks }
}

describe('a set-up in place after another one', () => {
  test('takes the same room, and shares no identity with it, though it is made with the same seed', async () => {
    const fresh = await machineOf('vm-in-place')
    const first = planOf(fresh)
    const second = planOf(after(fresh, first))
    const placesOf = (plan: Plan) => layoutOf(plan).partitions.map(({ name, start, bytes }) => [name, start, bytes])
    expect(placesOf(second)).toEqual(placesOf(first))
    const guids = layoutOf(first).partitions.map(({ guid }) => guid)
    expect(second.changes[0]?.params['replaces']).toEqual(guids)
    const ids = Object.values(second.changes[1]?.params['ids'] as Record<string, string>)
    expect(ids.filter(id => Object.values(first.changes[1]?.params['ids'] ?? {}).includes(id))).toEqual([])
    // All that is told of the new system is told of one and the same.
    expect(ids).toEqual(expect.arrayContaining(layoutOf(second).partitions.map(({ guid }) => guid)))
    for (const id of ['mounts', 'boot-in-place'])
      expect(ids).toContain(second.changes.find(change => change.id === id)?.params['root'])
    // And a third one as well, whatever the second has left.
    const third = planOf(after(fresh, second))
    expect(third.hash).not.toBe(second.hash)
    expect(layoutOf(third).partitions.filter(({ guid }) => ids.includes(guid))).toEqual([])
  })

  test('is the same plan as long as the machine is the same, and another one once it is not', async () => {
    const machine = await machineOf('vm-in-place-again')
    const plan = planOf(machine)
    expect(planOf(machine).hash).toBe(plan.hash)
    const disks = machine.disks.map(disk => ({
      ...disk,
      partitions: disk.partitions.map(part => ({ ...part, partuuid: `${part.partuuid.slice(0, -1)}0` })),
    }))
    expect(planOf({ ...machine, disks }).hash).not.toBe(plan.hash)
  })

  test('erases, and needs the words for it', async () => {
    const first = planOf(await machineOf('vm-in-place'))
    expect(first.changes.flatMap(({ destroys }) => destroys)).toEqual([])
    expect(isAgreed(first, noConsent(first))).toBe(true)

    const plan = planOf(await machineOf('vm-in-place-again'))
    expect(plan.mode).toBe('in-place')
    const [fate] = erased(plan)
    expect(fate?.contents.join()).toContain('the media server that was set up on it, with all its files and any films')
    expect(plan.changes.filter(({ destroys }) => destroys.length > 0).map(({ id }) => id)).toEqual([
      'add-partitions',
      'file-systems',
    ])
    expect(isAgreed(plan, noConsent(plan))).toBe(false)
    const typed = fate === undefined ? {} : { [fate.disk]: codeOf(fate) }
    expect(isAgreed(plan, { planHash: plan.hash, typed })).toBe(true)
  })

  test('never runs its erasing part again once something was made behind it', async () => {
    const plan = planOf(await machineOf('vm-in-place-again'))
    const applied: string[] = []
    const told: string[] = []
    const change = ({ id }: { readonly id: string }): Change => ({
      id,
      where: 'machine',
      parse: params => params,
      check: async () => null,
      apply: async () => void applied.push(id),
    })
    const ports: Ports = {
      changes: new Map(plan.changes.map(each => [each.id, change(each)])),
      site: () => ({}) as Site,
      openTarget: async () => {},
      made: new Set(['add-partitions', 'file-systems', 'copy-system']),
      settle: async () => {},
      tell: async event => void told.push('message' in event ? event.message : event.type),
    }
    expect(await executePlan(plan, ports)).toBe(false)
    expect(applied).toEqual([])
    expect(told.join()).toContain('going on would erase what is on it now')
  })

  test('is nothing that the running system could come to', async () => {
    const live = await machineOf('vm-in-place-again')
    const [change] = planOf({ ...live, role: 'installed' }).changes
    expect(change).toMatchObject({ id: 'add-partitions', destroys: [], params: { replaces: [] } })
  })
})
