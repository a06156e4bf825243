import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { run } from '../../builder/shared/run.ts'
import { Machine } from '../../builder/qemu/machine.ts'
import type { DiskOptions } from '../../builder/qemu/options.ts'
import type { ApplyEvent } from '../../firstboot/apply/events.ts'
import { filmsOn } from './film-disk.ts'
import { INSTALL_SECONDS, waitForLogin } from './installed.ts'
import { telling, toldEvents, waitUntilTold } from './told.ts'
import type { Workbench } from './workbench.ts'

/** When the power fails: some time after a set-up has told that it began or ended a change. */
export interface Moment {
  readonly told: 'started' | 'done'
  readonly change: string
  /** By the clock of this computer. */
  readonly milliseconds?: number
}

/** Behind every change of a set-up that keeps a disk of films, in order. */
export const boundaries: readonly Moment[] = (
  'partition file-systems keep-answers record-films copy-system mounts identity language network user ssh updates ' +
  'folders services boot compare-films'
)
  .split(' ')
  .map(change => ({ told: 'done', change }))

/** Whether an event is the one that a moment counts from; what an earlier start has done is found done. */
const isAt =
  ({ told, change }: Moment) =>
  (event: ApplyEvent): boolean =>
    (event.type === told || (told === 'done' && event.type === 'found-done')) && event.id === change

/** A moment in words, for the names of tests and for what they print. */
export const momentWords = ({ told, change, milliseconds = 0 }: Moment): string =>
  milliseconds === 0 ? `${change} ${told}` : `${milliseconds} ms after ${change} ${told}`

/** The disks of a machine in files of a folder of their own. */
export const disksIn = (folder: string): readonly DiskOptions[] => [
  { kind: 'nvme', serial: 'NV-4Q7K', sizeGiB: 64, path: join(folder, 'nvme.qcow2'), losesUnflushed: true },
  { kind: 'hdd', serial: 'HD-L3PG', path: join(folder, 'hdd.raw') },
]

/** Copies disks, holes included. */
export async function copyDisks(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of ['nvme.qcow2', 'hdd.raw']) await copyWithHoles(join(from, name), join(to, name))
}

// What Node copies has no holes any more.
async function copyWithHoles(from: string, to: string): Promise<void> {
  await run({ argv: ['cp', '--sparse=always', '--reflink=auto', from, to] })
}

/** Puts the workbench's film disk beside a fresh SSD into a folder. */
export async function freshDisks({ films }: { films: { path: string } }, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await copyWithHoles(films.path, join(folder, 'hdd.raw'))
}

/** Sets a machine up from the stick until a moment, and pulls the plug there. */
export async function cutAt(bench: Workbench, folder: string, moment: Moment): Promise<void> {
  const serialLog = join(folder, 'serial.log')
  await rm(serialLog, { force: true })
  await using machine = await startWithStick(bench, folder, serialLog)
  await waitUntilTold(machine, serialLog, isAt(moment), INSTALL_SECONDS)
  await delay(moment.milliseconds ?? 0)
  await machine.crash()
}

/**
 * Sets a machine up from the stick to its end, and keeps at each moment the disks as a power cut would leave them. Gives
 * the folders of those that came; a moment inside a change that ends sooner is then one of a later change.
 */
export async function recordCuts(
  bench: Workbench,
  folder: string,
  moments: readonly Moment[],
): Promise<ReadonlyMap<Moment, string>> {
  const serialLog = join(folder, 'serial.log')
  await using machine = await startWithStick(bench, folder, serialLog)
  const cuts = new Map<Moment, string>()
  const seen = new Map<Moment, number>()
  for (;;) {
    const events = await toldEvents(serialLog)
    const failed = events.find(event => event.type === 'failed')
    if (failed !== undefined) throw new Error(`The set-up failed: ${JSON.stringify(failed)}`)
    for (const moment of moments) {
      if (!seen.has(moment) && events.some(isAt(moment))) seen.set(moment, performance.now())
      const since = seen.get(moment)
      if (cuts.has(moment) || since === undefined || performance.now() - since < (moment.milliseconds ?? 0)) continue
      const place = join(folder, `cut-${cuts.size}`)
      await machine.heldStill(() => copyDisks(folder, place))
      cuts.set(moment, place)
    }
    if (events.some(event => event.type === 'finished')) return cuts
    if (machine.seconds() > 3600) throw new Error(`No end within an hour:\n${machine.screenText()}`)
    await delay(20)
  }
}

/**
 * Starts a machine after a power cut, from the stick or from its SSD alone, and lets the set-up come to its end. Throws
 * unless the system then starts from the SSD, somebody can log in, everything is done, and the films are as they were.
 */
export async function completeAfterCut(bench: Workbench, folder: string, from: 'stick' | 'SSD'): Promise<void> {
  if (from === 'stick') {
    const serialLog = join(folder, 'serial.log')
    await rm(serialLog, { force: true })
    await using machine = await startWithStick(bench, folder, serialLog)
    // Where the power failed right behind the end of it, the stick says that there is nothing to do.
    const orSeen = /is set up already/
    await waitUntilTold(machine, serialLog, event => event.type === 'finished', INSTALL_SECONDS, { orSeen })
    // Nothing is allowed to be left to the moment of switching off.
    await machine.crash()
  }
  const doors = [{ host: bench.login.port, guest: 22 }]
  await using machine = await Machine.start({ firmware: 'uefi', disks: disksIn(folder), doors })
  await waitForLogin(machine, bench.login, 'anna')
  const finished =
    // Its services come up already, and write into the same journal.
    'cd /var/lib/mediaserver/setup && for i in $(seq 200); do [ -e request.json ] || break; sleep 1; done; ' +
    'ls; grep finished journal.jsonl; findmnt -no UUID /data; systemctl list-units --failed --plain --no-legend'
  const { output } = await bench.login.as('anna', `sudo sh -c '${finished}'`, 'key', 600)
  if (output.includes('request.json') || !output.includes('"type":"finished"') || !output.includes(bench.films.uuid))
    throw new Error(`The set-up did not come to its end:\n${output}`)
  // The services of a first start may still be coming up; whoever asks politely is refused meanwhile.
  await bench.login.as('anna', 'sudo systemctl --no-block --job-mode=replace-irreversibly start poweroff.target')
  await machine.waitForShutdown(120)
  const films = await filmsOn(join(folder, 'hdd.raw'))
  if (JSON.stringify(sorted(films)) !== JSON.stringify(sorted(bench.films.before)))
    throw new Error('The films are not as they were.')
}

const sorted = (record: Readonly<Record<string, string>>) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))

const startWithStick = (bench: Workbench, folder: string, serialLog: string): Promise<Machine> =>
  Machine.start({
    firmware: 'uefi',
    image: bench.stick.image,
    disks: disksIn(folder),
    credentials: telling,
    serialLog,
  })

/** Random numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
