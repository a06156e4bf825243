import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { earlierPartitions } from '../../../firstboot/disks/behind-image.ts'
import { defaultMediaUse, systemChoice } from '../../../firstboot/disks/eligibility.ts'
import { diskId } from '../../../firstboot/disks/identity.ts'
import { planSetup } from '../../../firstboot/plan/plan-setup.ts'
import { planLines } from '../../../firstboot/plan/words.ts'
import { probeMachine } from '../../../firstboot/probe/machine.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { layOut, machineNames } from '../firstboot/recorded.ts'
import { someAnswers } from './answers.ts'

const facts = { seed: 'golden', vendor: 'debian', liveRoot: 'live', image: '0.1.0 live' }

// What somebody gets who takes the first disk that can hold the system and does not rotate, and the default for every other one.
async function planFor(name: string) {
  const machine = await probeMachine(openRoot(layOut(name)))
  const able = machine.disks.filter(disk => systemChoice(disk, machine).ok)
  const system = able.find(disk => disk.kind !== 'HDD') ?? able[0]
  if (system === undefined) return { machine, lines: ['no disk can hold the system'] }
  const media = machine.disks
    .filter(disk => disk !== system && disk.kind !== 'optical')
    .map(disk => ({ disk: diskId(disk, machine.disks), use: defaultMediaUse(disk, machine, system) }))
    .filter(each => each.disk !== '')
  const answers = { ...someAnswers, systemDisk: diskId(system, machine.disks), media }
  const plan = planSetup(machine, answers, facts)
  return { machine, plan, lines: 'problems' in plan ? plan.problems : planLines(plan) }
}

describe.each(machineNames)('%s', name => {
  test('has the plan that was looked at', async () => {
    const { lines } = await planFor(name)
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'golden', `${name}.txt`))
  })

  test('erases nothing but the chosen system disk, and never what this system runs from', async () => {
    const { machine, plan } = await planFor(name)
    if (plan === undefined || 'problems' in plan) return
    const erased = plan.disks.filter(disk => disk.fate === 'erase')
    const destroyed = new Set(plan.changes.flatMap(change => change.destroys))
    expect(destroyed).toEqual(new Set(erased.map(disk => disk.disk)))
    const running = machine.disks.filter(disk => disk.bootMedium)
    const earlier = machine.role === 'live' ? running.flatMap(disk => earlierPartitions(disk)) : []
    expect(erased.length).toBe(plan.mode === 'in-place' && earlier.length === 0 ? 0 : 1)
    if (earlier.length > 0) return
    for (const disk of running) expect(destroyed).not.toContain(diskId(disk, machine.disks))
  })

  test('has titles of its own that the screen shows in full', async () => {
    const { plan } = await planFor(name)
    if (plan === undefined || 'problems' in plan) return
    // A disk's model may be longer than any screen.
    const ours = plan.changes.map(change => change.title).filter(title => !/^(Prepare|Erase) /.test(title))
    expect(ours.filter(title => title.length > 34)).toEqual([])
  })

  test('holds no secret', async () => {
    const { plan } = await planFor(name)
    expect(JSON.stringify(plan ?? '')).not.toContain('c0ffee')
  })
})
