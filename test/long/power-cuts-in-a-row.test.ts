import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { PATIENCE } from '../support/live-machine.ts'
import { boundaries, completeAfterCut, cutAt, freshDisks, type Moment, momentWords } from '../support/power-cut.ts'
import { Workbench } from '../support/workbench.ts'

/**
 * One machine on which the power fails after every change, and twice in between. A power cut is QEMU killed in the middle
 * of its work, and an SSD that loses everything which was not flushed to places that were never written before; so data that
 * the set-up believes to be there and never flushed is really gone. test:powercut has one cut for each machine.
 */
describe('a set-up that the power fails under again and again', () => {
  let bench: Workbench
  let folder = ''

  beforeAll(async () => {
    bench = await Workbench.open()
    await bench.stick.put('mediaserver.yaml', bench.answers('vpn: none\n'))
    folder = await mkdtemp(join(process.env['MEDIASERVER_VM_DIR'] ?? '/var/tmp', 'ms-cuts-'))
    await freshDisks(bench, folder)
  }, PATIENCE)

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
    await bench?.[Symbol.asyncDispose]()
  }, PATIENCE)

  const random = (least: number, most: number) => Math.round(least + Math.random() * (most - least))
  const inside: readonly Moment[] = [
    { told: 'started', change: 'file-systems', milliseconds: random(0, 2500) },
    { told: 'started', change: 'copy-system', milliseconds: random(1000, 20_000) },
  ]
  const cuts = boundaries.flatMap(boundary => [...inside.filter(({ change }) => change === boundary.change), boundary])

  it.each(cuts.map(cut => [momentWords(cut), cut] as const))(
    '%s comes that far from the stick, whatever was before',
    { timeout: PATIENCE },
    (_, cut) => cutAt(bench, folder, cut),
  )

  it('comes to its end from the SSD alone, and has kept every film', { timeout: PATIENCE }, () =>
    completeAfterCut(bench, folder, 'SSD'),
  )
})
