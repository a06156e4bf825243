import { setTimeout as delay } from 'node:timers/promises'
import { ChangeFailure } from '../apply/failure.ts'
import { type DiskLayout, sfdiskLines } from '../disks/partition-table.ts'
import type { Disk } from '../machine.ts'
import { lackingPartitions } from './block-devices.ts'
import type { Site } from './change.ts'

/** One entry of a partition table; places in bytes. */
interface Entry {
  readonly number: string
  readonly start: number
  readonly end: number
  readonly guid: string
}

/** What `sfdisk --dump` prints, one line for each partition. Pure. */
export function parseDump(text: string): Entry[] {
  const sector = Number(/^sector-size: (\d+)$/m.exec(text)?.[1] ?? 512)
  return [...text.matchAll(/^\S*?(\d+) : start= *(\d+), size= *(\d+),.*\buuid=([\dA-Fa-f-]{36})/gm)].map(
    ([, number = '', start, size, guid = '']) => ({
      number,
      start: Number(start) * sector,
      end: (Number(start) + Number(size)) * sector,
      guid: guid.toLowerCase(),
    }),
  )
}

// It writes to a disk in use, of which the kernel does not read the table again.
const EDIT = ['sfdisk', '--quiet', '--no-reread', '--no-tell-kernel', '--force'] as const

/** What a set-up in place puts behind the image, and the GUIDs of what an earlier one has put there. */
export interface Behind {
  readonly layout: DiskLayout
  readonly sectorBytes: number
  readonly replaces: readonly string[]
}

/**
 * Writes the partitions of the layout into the table, after those that they replace are taken out; nothing else of the
 * disk is touched. It may be called again wherever it has stopped: after a power cut between the two there is only room.
 */
export async function putBehind(disk: Disk, { layout, sectorBytes, replaces }: Behind, site: Site): Promise<void> {
  const { path } = disk
  const table = parseDump((await site.attempt(['sfdisk', '--dump', path], { quiet: true })).stdout)
  const doomed = table.filter(({ guid }) => replaces.includes(guid))
  refuseForeign(disk, table, layout, replaces)
  if (doomed.length > 0) await takeOut(disk, doomed, site)
  const missing = await lackingPartitions(path, layout.partitions, site)
  // The image is smaller than the disk, so the second copy of its table lies in the middle.
  await site.run(['sfdisk', '--quiet', '--no-reread', '--force', '--relocate', 'gpt-bak-std', path])
  await site.run([...EDIT, '--append', '--wipe-partitions', 'always', path], {
    input: `${sfdiskLines(missing, sectorBytes).join('\n')}\n`,
  })
  await site.attempt(['partx', '--update', path])
}

function refuseForeign(
  { model, path }: Disk,
  table: readonly Entry[],
  layout: DiskLayout,
  replaces: readonly string[],
) {
  const start = Math.min(...layout.partitions.map(part => part.start))
  const known = [...replaces, ...layout.partitions.map(part => part.guid.toLowerCase())]
  const foreign = table.find(({ end, guid }) => end > start && !known.includes(guid))
  if (foreign === undefined) return
  throw new ChangeFailure(
    `${model || path} is not as it was when you agreed: its partition ${foreign.number} lies where the system shall be.`,
    'Start the set-up from the beginning to look at it again.',
  )
}

const TRIES = 5
const PAUSE_MILLISECONDS = 300

async function takeOut({ model, path, partitions, fileSystems }: Disk, doomed: readonly Entry[], site: Site) {
  const devices = partitions.filter(({ partuuid }) => doomed.some(({ guid }) => guid === partuuid))
  const used = fileSystems
    .filter(fs => devices.some(device => device.path === fs.path))
    .flatMap(({ mountpoints }) => mountpoints)
  if (used.length > 0)
    throw new ChangeFailure(
      `The media server on ${model || path} that shall be replaced is in use: ${used.join(', ')}.`,
      'Start the machine again, then start the set-up from its menu.',
    )
  // The kernel would keep the old identities of partitions that come to the same places. And it does not forget what is in
  // use where that cannot be seen from here: nothing is lost then. Who uses any of them uses the last one.
  for (const { number } of doomed.toReversed()) await forget(path, number, site)
  await site.run([...EDIT, '--delete', path, ...doomed.map(({ number }) => number)])
}

// udev may be looking at it, and nothing is forgotten that somebody looks at.
async function forget(disk: string, number: string, site: Site): Promise<void> {
  for (let left = TRIES; ; left--) {
    await site.attempt(['udevadm', 'settle', '--timeout=30'])
    const { code, stderr } = await site.attempt(['partx', '--delete', '--nr', number, disk])
    if (code === 0) return
    if (left <= 1)
      throw new ChangeFailure(
        `The system does not let go of partition ${number} of ${disk}: ${stderr.trim().split('\n')[0] ?? ''}`,
        'Start the machine again, then start the set-up from its menu.',
      )
    await delay(PAUSE_MILLISECONDS, undefined, { signal: site.signal })
  }
}
