import { describe, expect, test } from 'vitest'
import { executePlan, type Ports } from '../../../firstboot/apply/execute.ts'
import { ChangeFailure } from '../../../firstboot/apply/failure.ts'
import type { Change, Site } from '../../../firstboot/changes/change.ts'
import type { Plan } from '../../../firstboot/plan/plan.ts'

/** A world of three things that can be made, one after the other. */
function world(made: string[] = [], broken: Readonly<Record<string, Error>> = {}) {
  const done = new Set(made)
  const log: string[] = []
  const change = (id: string, where: Change['where']): Change => ({
    id,
    where,
    parse: params => params,
    check: async () => (done.has(id) ? `${id} is there` : null),
    apply: async () => {
      if (broken[id] !== undefined) throw broken[id]
      log.push(id)
      done.add(id)
    },
  })
  const changes = [change('disk', 'machine'), change('copy', 'target'), change('user', 'target')]
  const plan: Plan = {
    mode: 'install',
    disks: [],
    hash: 'h',
    changes: changes.map(({ id }) => ({
      id,
      title: id,
      params: {},
      destroys: id === 'disk' ? ['SERIAL'] : [],
      weight: 1,
    })),
  }
  const events: string[] = []
  let opened = 0
  const ports: Ports = {
    changes: new Map(changes.map(each => [each.id, each])),
    site: () => ({}) as Site,
    openTarget: async () => {
      opened++
    },
    made: new Set(),
    settle: async () => void events.push('settled'),
    tell: async event => {
      events.push('id' in event ? `${event.type} ${event.id}` : event.type)
    },
  }
  return { plan, ports, log, events, changes, openedTimes: () => opened }
}

describe('executing a plan', () => {
  test('makes every change once, in order, and opens the new system before the first one inside it', async () => {
    const { plan, ports, log, events, openedTimes } = world()
    expect(await executePlan(plan, ports)).toBe(true)
    expect(log).toEqual(['disk', 'copy', 'user'])
    expect(openedTimes()).toBe(1)
    expect(events).toEqual([
      'begun',
      ...['disk', 'copy', 'user'].flatMap(id => [`started ${id}`, 'settled', `done ${id}`]),
      'finished',
    ])
  })

  test('a second time changes nothing', async () => {
    const { plan, ports, log } = world()
    await executePlan(plan, ports)
    log.length = 0
    expect(await executePlan(plan, ports)).toBe(true)
    expect(log).toEqual([])
  })

  test.each([[[]], [['disk']], [['disk', 'copy']], [['disk', 'copy', 'user']]])(
    'goes on from wherever the power failed: %j was there',
    async there => {
      const { plan, ports, log, events } = world(there)
      expect(await executePlan(plan, ports)).toBe(true)
      expect([...there, ...log]).toEqual(['disk', 'copy', 'user'])
      expect(events.filter(event => event.startsWith('found-done'))).toHaveLength(there.length)
    },
  )

  test('stops at the first failure, and tells the mend', async () => {
    const { plan, ports, log, events } = world([], { copy: new ChangeFailure('The stick is gone.', 'Put it back.') })
    expect(await executePlan(plan, ports)).toBe(false)
    expect(log).toEqual(['disk'])
    expect(events.at(-1)).toBe('failed copy')
  })

  test('a change that was made and is not there is a failure', async () => {
    const { plan, ports, changes, events } = world()
    const lying = { ...(changes[0] as Change), apply: async () => undefined }
    expect(await executePlan(plan, { ...ports, changes: new Map([['disk', lying]]) })).toBe(false)
    expect(events.at(-1)).toBe('failed disk')
  })

  test('a disk is never erased again once something was made on it', async () => {
    const { plan, ports, log, events } = world()
    expect(await executePlan(plan, { ...ports, made: new Set(['disk', 'copy']) })).toBe(false)
    expect(log).toEqual([])
    expect(events).toEqual(['begun', 'failed disk'])
  })

  test('a step that this version does not know is a failure before anything is done', async () => {
    const { plan, ports, log } = world()
    expect(await executePlan({ ...plan, changes: [{ ...plan.changes[0]!, id: 'other' }] }, ports)).toBe(false)
    expect(log).toEqual([])
  })
})
