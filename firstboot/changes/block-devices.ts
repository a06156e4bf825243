import { stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod/mini'
import { ChangeFailure } from '../apply/failure.ts'
import type { PlacedPartition } from '../disks/partition-table.ts'
import type { Site } from './change.ts'

/** The device of a partition by its GUID, which no other partition has. */
export const partitionPath = (guid: string): string => `/dev/disk/by-partuuid/${guid.toLowerCase()}`

const WAIT_SECONDS = 30

/** Waits until udev has made the names of partitions. */
export async function waitForPartitions(guids: readonly string[], site: Site): Promise<void> {
  await site.attempt(['udevadm', 'settle', `--timeout=${WAIT_SECONDS}`])
  for (const guid of guids) {
    const end = performance.now() + WAIT_SECONDS * 1000
    while (!(await exists(partitionPath(guid)))) {
      if (performance.now() > end) throw new ChangeFailure(`The new partition ${guid} does not show up.`)
      await delay(200, undefined, { signal: site.signal })
    }
  }
}

/** Whether a path exists. */
export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

// What sfdisk(8) prints with --json; start and size are sectors.
const Table = z.object({
  partitiontable: z.object({
    sectorsize: z.optional(z.number()),
    partitions: z.optional(z.array(z.object({ start: z.number(), size: z.number(), uuid: z.optional(z.string()) }))),
  }),
})

/** Which of the planned partitions a disk lacks, or has at another place. */
export async function lackingPartitions(
  path: string,
  planned: readonly PlacedPartition[],
  site: Site,
): Promise<PlacedPartition[]> {
  const { code, stdout } = await site.attempt(['sfdisk', '--json', path], { quiet: true, whole: true })
  const parsed = code === 0 ? Table.safeParse(JSON.parse(stdout)) : undefined
  if (!parsed?.success) return [...planned]
  const { sectorsize = 512, partitions = [] } = parsed.data.partitiontable
  return planned.filter(
    want =>
      !partitions.some(
        have =>
          have.uuid?.toLowerCase() === want.guid.toLowerCase() &&
          have.start * sectorsize === want.start &&
          have.size * sectorsize === want.bytes,
      ),
  )
}

/** The UUID of the file system on a device as blkid(8) reads it from the disk itself, or an empty text. */
export async function fileSystemUuid(path: string, site: Site): Promise<string> {
  const { stdout } = await site.attempt(['blkid', '-p', '-o', 'value', '-s', 'UUID', path])
  return stdout.trim().toLowerCase()
}
