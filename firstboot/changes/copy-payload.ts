import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod/mini'
import { writeDurably } from '../apply/durable.ts'
import { ChangeFailure } from '../apply/failure.ts'
import { payloadDevice, payloadFolder, payloadMark, readLayout, withPayloadPartition } from '../docker/payload.ts'
import { blobFile, blobsOf, indexFiles } from '../stack/layout.ts'
import { exists } from './block-devices.ts'
import { defineChange, type Site } from './change.ts'

const Params = z.object({ payload: z.string() })
type Params = z.infer<typeof Params>

/** Copies the containers from the stick to the system disk: the stick may be gone when they are needed. */
export const copyPayload = defineChange<Params>({
  id: 'copy-payload',
  where: 'target',
  parse: params => Params.parse(params),
  check: async (_, site) => await readFile(site.path(payloadMark), 'utf8').catch(() => null),
  async apply({ payload }, site) {
    await withPayloadPartition(await payloadDevice(payload), site, async stick => {
      const folder = site.path(payloadFolder)
      const images = await readLayout(stick)
      const blobs = blobsOf(images)
      await copyBlobs(blobs, stick, folder, site)
      for (const [name, text] of Object.entries(indexFiles(images)))
        await writeDurably(`${folder}/${name}`, text, { mode: 0o600 })
      await site.run(['sync', '--file-system', folder])
      site.progress('comparing the services')
      // What was written shall come from the disk, and not from memory.
      await writeFile('/proc/sys/vm/drop_caches', '3')
      await compareBlobs(blobs, folder, site.signal)
      await writeDurably(site.path(payloadMark), `${images.length} services, compared with the stick`, { mode: 0o600 })
    })
  },
})

/** Copies blobs that are not there yet, each in one move. */
export async function copyBlobs(blobs: readonly string[], from: string, to: string, site: Site): Promise<void> {
  const sizes = await Promise.all(blobs.map(async blob => (await stat(`${from}/${blobFile(blob)}`)).size))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  let done = 0
  for (const [index, blob] of blobs.entries()) {
    const target = `${to}/${blobFile(blob)}`
    const size = sizes[index] ?? 0
    if ((await stat(target).catch(() => null))?.size === size) {
      done += size
      continue
    }
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    const count = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        done += chunk.length
        site.progress('copying the services', done, total)
        next(null, chunk)
      },
    })
    const part = `${target}.part`
    await pipeline(createReadStream(`${from}/${blobFile(blob)}`), count, createWriteStream(part), {
      signal: site.signal,
    })
    {
      await using file = await open(part, 'r')
      await file.sync()
    }
    await rename(part, target)
  }
}

/** Throws when a blob is not what its name says: the name is the digest of its bytes. A wrong one is removed. */
export async function compareBlobs(blobs: readonly string[], folder: string, signal: AbortSignal): Promise<void> {
  for (const blob of blobs) {
    const path = `${folder}/${blobFile(blob)}`
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(chunk as Buffer)
    if (`sha256:${hash.digest('hex')}` === blob) continue
    await rm(path, { force: true })
    throw new ChangeFailure(
      'A part of the services differs from what it must be after it was copied.',
      'Try again; if it happens again, the stick or the disk is failing: write the stick again or take another one.',
    )
  }
}

/** Removes the copy once Docker has everything; what says that it is complete goes first. */
export async function removePayload(site: Site): Promise<void> {
  if (!(await exists(site.path(payloadFolder)))) return
  await rm(site.path(payloadMark), { force: true })
  await rm(site.path(payloadFolder), { recursive: true, force: true })
}
