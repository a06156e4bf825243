import { createReadStream } from 'node:fs'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { ChangeFailure } from '../apply/failure.ts'
import { exists, partitionPath } from '../changes/block-devices.ts'
import type { Site } from '../changes/change.ts'
import { probeDisks } from '../probe/machine.ts'
import { openRoot } from '../root.ts'
import { blobFile, blobsOf, indexFiles, laidOut, type LayoutImage, parseIndex } from '../stack/layout.ts'
import { PAYLOAD_PARTITION } from '../stack/payload-partition.ts'
import { type TarFile, tarOf } from '../stack/tar.ts'

/** Where the containers lie on the system disk from the installation until Docker has them. */
export const payloadFolder = '/var/lib/mediaserver/payload'

/** Says that a copy of the payload is complete and was compared. */
export const payloadMark = `${payloadFolder}/complete`

const PLACE = '/run/mediaserver/payload'

/** Gives the folder of a payload partition, mounted meanwhile and only to be read. */
export async function withPayloadPartition<T>(
  partition: string,
  site: Site,
  body: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(PLACE, { recursive: true })
  await site.run(['mount', '-t', 'squashfs', '-o', 'ro,nosuid,nodev,noexec', partition, PLACE])
  try {
    return await body(PLACE)
  } finally {
    await site.run(['umount', PLACE])
  }
}

/** The device of the payload partition with a GUID; throws when the stick is away. */
export async function payloadDevice(guid: string): Promise<string> {
  const path = partitionPath(guid)
  if (await exists(path)) return path
  throw new ChangeFailure(
    'The part of the stick that holds the services cannot be found any more.',
    'Put the stick back into the same port, then try again.',
  )
}

/**
 * Gives a folder with the layout of the containers: the copy on the system disk, else a payload partition of any disk,
 * for instance of a stick that was put in for this; gives null without calling `body` when there is none.
 */
export async function withPayload<T>(site: Site, body: (folder: string) => Promise<T>): Promise<T | null> {
  if (await exists(site.path(payloadMark))) return await body(site.path(payloadFolder))
  const disks = await probeDisks(openRoot(''))
  const found = disks.flatMap(disk => disk.partitions).find(part => part.partlabel === PAYLOAD_PARTITION)
  return found === undefined ? null : await withPayloadPartition(found.path, site, body)
}

/** The images of a layout in a folder. */
export async function readLayout(folder: string): Promise<LayoutImage[]> {
  const entries = parseIndex(await readFile(`${folder}/index.json`, 'utf8'))
  return await Promise.all(
    entries.map(async entry => laidOut(entry, await readFile(`${folder}/${blobFile(entry.digest)}`, 'utf8'))),
  )
}

/** A layout of some images of a folder as `docker load` takes it, in both of Docker's image stores. */
export async function archiveOf(
  folder: string,
  images: readonly LayoutImage[],
): Promise<{ bytes: number; stream: () => AsyncGenerator<Uint8Array> }> {
  const files: TarFile[] = Object.entries(indexFiles(images)).map(([name, text]) => ({
    name,
    size: Buffer.byteLength(text),
    bytes: () => [Buffer.from(text)],
  }))
  for (const blob of blobsOf(images)) {
    const name = blobFile(blob)
    const path = `${folder}/${name}`
    const { size } = await stat(path)
    files.push({ name, size, bytes: () => createReadStream(path, { highWaterMark: 1 << 20 }) })
  }
  return { bytes: files.reduce((sum, { size }) => sum + size, 0), stream: () => tarOf(files) }
}
