import { describe, expect, test } from 'vitest'
import { defaultMediaUse, mediaChoices, systemChoice } from '../../../firstboot/disks/eligibility.ts'
import { diskId } from '../../../firstboot/disks/identity.ts'
import { holdingWords } from '../../../firstboot/disks/words.ts'
import type { Disk, Machine } from '../../../firstboot/machine.ts'
import { diskSize } from '../../../firstboot/screens/words.ts'
import { machineNames } from '../firstboot/recorded.ts'
import { inspected } from './inspected.ts'

/** All that is decided about the disks of a machine, as text that a person can judge. */
function decisions(machine: Machine): string[] {
  const { disks, firmware, role } = machine
  // Film disks are asked about after the system disk: an SSD with few cautions stands for that answer.
  const possible = disks.flatMap(disk => {
    const choice = systemChoice(disk, machine)
    return choice.ok
      ? [{ disk, cautions: choice.inPlace ? -1 : choice.warnings.length + (disk.kind === 'HDD' ? 9 : 0) }]
      : []
  })
  const system = possible.sort((a, b) => a.cautions - b.cautions)[0]?.disk ?? null
  return [
    `${firmware}, ${role}, system on ${system === null ? 'none of them' : system.name}`,
    ...machine.problems.map(problem => problem.words),
    ...disks.flatMap(disk => ['', ...diskLines(disk, machine, system)]),
  ]
}

function diskLines(disk: Disk, machine: Machine, system: Disk | null): string[] {
  const { keep, erase } = mediaChoices(disk, machine, system)
  const forSystem = systemChoice(disk, machine)
  const inPlace = forSystem.ok && forSystem.inPlace ? ' in place' : ''
  return [
    `${disk.name}  ${disk.model || 'unnamed disk'}  ${disk.kind}  ${diskSize(disk.sizeBytes)}`,
    `  called "${diskId(disk, machine.disks)}"`,
    `  ${disk.health.words}`,
    ...holdingWords(disk).map(line => `  holds: ${line}`),
    ...(disk.usedAs.length === 0 ? [] : [`  used as ${disk.usedAs.join(', ')}`]),
    ...(disk.freeBytes === 0 ? [] : [`  free at its end: ${diskSize(disk.freeBytes)}`]),
    ...(disk.installation === null ? [] : [`  a set-up on ${disk.installation.path}`]),
    ...choiceLines(`system${inPlace}`, forSystem),
    ...choiceLines(keep.ok ? `keep ${keep.fileSystem.path}` : 'keep', keep),
    ...choiceLines('erase for films', erase),
    `  films unless somebody decides: ${defaultMediaUse(disk, machine, system)}`,
  ]
}

type Choice = { ok: true; warnings: readonly string[] } | { ok: false; reason: string }

function choiceLines(what: string, choice: Choice): string[] {
  if (choice.ok) return [`  ${what}: yes`, ...choice.warnings.map(warning => `    but ${warning}`)]
  return [`  ${what}: no, ${choice.reason}`]
}

describe('what may be done with the disks of', () => {
  test.each(machineNames)('%s', async name => {
    const text = decisions(await inspected(name)).join('\n')
    const harmless = text.replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, '?')
    await expect(`${harmless}\n`).toMatchFileSnapshot(`golden/${name}.txt`)
  })
})

describe('on every machine', () => {
  test.each(machineNames)('%s: nothing is ever erased by default, and no refusal is without a reason', async name => {
    const machine = await inspected(name)
    for (const disk of machine.disks) {
      for (const system of [null, ...machine.disks]) {
        expect(defaultMediaUse(disk, machine, system)).not.toBe('erase')
        const choices = [systemChoice(disk, machine), ...Object.values(mediaChoices(disk, machine, system))]
        for (const choice of choices) expect(choice.ok || choice.reason.length > 10).toBe(true)
        expect(mediaChoices(disk, machine, disk)).toMatchObject({ keep: { ok: false }, erase: { ok: false } })
      }
    }
  })

  test.each(machineNames)('%s: what the system runs from is never erased', async name => {
    const machine = await inspected(name)
    for (const disk of machine.disks.filter(disk => disk.bootMedium)) {
      const choice = systemChoice(disk, machine)
      expect(!choice.ok || choice.inPlace).toBe(true)
      expect(mediaChoices(disk, machine, null).erase.ok).toBe(false)
    }
  })
})
