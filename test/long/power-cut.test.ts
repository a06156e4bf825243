import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import buildImageUnderTest from '../support/build-image.ts'
import {
  boundaries,
  completeAfterCut,
  copyDisks,
  freshDisks,
  type Moment,
  momentWords,
  randomFrom,
  recordCuts,
} from '../support/power-cut.ts'
import { Workbench } from '../support/workbench.ts'

const PATIENCE = 2 * 60 * 60 * 1000

const seed = Number(process.env['MEDIASERVER_SEED'] ?? Date.now() % 100_000)
const random = randomFrom(seed)

// Where much is written: how many cuts, and how long the change takes at least where nobody has KVM, in milliseconds.
const inside: readonly (readonly [change: string, count: number, milliseconds: number])[] = [
  ['partition', 2, 1200],
  ['file-systems', 3, 2500],
  ['copy-system', 6, 40_000],
  ['boot', 3, 8000],
]
const within: readonly Moment[] = inside.flatMap(([change, count, most]) =>
  Array.from(
    { length: count },
    () => ({ told: 'started', change, milliseconds: Math.round(random() * most) }) as const,
  ),
)

const isBootable = ({ told, change }: Moment): boolean => told === 'done' && ['boot', 'compare-films'].includes(change)

/**
 * One set-up is watched, and its disks are copied at every change boundary and at random moments, each as a power cut at
 * this moment would leave it: QEMU stands still for the copy, and what the guest has not flushed is not in the file (see
 * `losesUnflushed`). Then every copy is put into a machine that is switched on, and must come to its end.
 * Takes about two hours without KVM, and 40 GB of disk.
 */
describe(`the power fails during a set-up (MEDIASERVER_SEED=${seed})`, () => {
  let bench: Workbench
  let folder = ''
  let cuts: ReadonlyMap<Moment, string>
  let completed = 0

  beforeAll(async () => {
    await buildImageUnderTest()
    bench = await Workbench.open()
    await bench.stick.put('mediaserver.yaml', bench.answers('vpn: none\n'))
    folder = await mkdtemp(join(process.env['MEDIASERVER_VM_DIR'] ?? '/var/tmp', 'ms-cuts-'))
    await freshDisks(bench, folder)
    cuts = await recordCuts(bench, folder, [...boundaries, ...within])
  }, PATIENCE)

  afterAll(async () => {
    console.log(`Power cuts: ${cuts?.size ?? 0} kept. Set-ups that came to their end after one: ${completed}.`)
    await rm(folder, { recursive: true, force: true })
    await bench?.[Symbol.asyncDispose]()
  }, PATIENCE)

  const cases = [...within, ...boundaries].flatMap(moment =>
    (isBootable(moment) ? (['SSD', 'stick'] as const) : (['stick'] as const)).map(
      from => [momentWords(moment), from, moment] as const,
    ),
  )

  it.each(cases)('%s: goes on from the %s', { timeout: PATIENCE }, async (_, from, moment) => {
    const kept = cuts.get(moment) ?? ''
    expect(kept, 'the set-up was over before this moment').not.toBe('')
    const place = join(folder, 'now')
    try {
      await copyDisks(kept, place)
      await completeAfterCut(bench, place, from)
      completed++
      console.log(`${momentWords(moment)}: went on from the ${from}`)
    } finally {
      await rm(place, { recursive: true, force: true })
    }
  })
})
