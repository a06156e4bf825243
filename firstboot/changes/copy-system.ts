import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import * as z from 'zod/mini'
import { writeDurably } from '../apply/durable.ts'
import { parseChecksums } from '../copy/checksums.ts'
import { compareCopy } from '../copy/compare-copy.ts'
import { partitionPath } from './block-devices.ts'
import { defineChange, type Site } from './change.ts'
import { liveEspOf } from './live-esp.ts'

const Params = z.object({ liveRoot: z.string(), image: z.string() })
type Params = z.infer<typeof Params>

/** Names the image that a system was copied from; it is written when the copy is complete. */
export const imageMark = '/etc/mediaserver/image'

const LAYER = '/run/mediaserver/layer'

/** Copies the system from the stick to the SSD, and compares what was written with what the image was made from. */
export const copySystem = defineChange<Params>({
  id: 'copy-system',
  where: 'target',
  parse: params => Params.parse(params),
  async check({ image }, site) {
    const mark = await readFile(site.path(imageMark), 'utf8').catch(() => '')
    return mark.trim() === image ? `system ${image}` : null
  },
  async apply({ liveRoot }, site) {
    await unpack(partitionPath(liveRoot), site)
    await liveEspOf(site, async esp => await layOver(`${esp}/live/layer.img`, site))
    await site.run(['sync', '--file-system', site.path('/')])
  },
  async verify({ liveRoot, image }, site) {
    const files = await compare(partitionPath(liveRoot), site)
    await writeDurably(site.path(imageMark), `${image}\n`, { mode: 0o644 })
    return `${files} files, all of them as built`
  },
})

async function unpack(source: string, site: Site): Promise<void> {
  const doing = 'copying the system'
  site.progress(doing, 0, 100)
  await site.run(['unsquashfs', '-force', '-percentage', '-dest', site.path('/'), source], {
    onLine: line => {
      const percent = /^\s*(\d{1,3})\s*$/.exec(line)?.[1]
      if (percent !== undefined) site.progress(doing, Number(percent), 100)
    },
  })
}

// Our own files are not in the squashfs: they come as a second initrd, see overlays/templates/grub.cfg.hbs.
async function layOver(layer: string, site: Site): Promise<void> {
  site.progress('copying our own files')
  await mkdir(LAYER, { recursive: true })
  const unpackLayer = 'zstd -dcq "$1" | cpio --quiet --extract --make-directories --unconditional --directory "$2"'
  await site.run(['bash', '-o', 'pipefail', '-c', unpackLayer, 'bash', layer, LAYER])
  await site.run(['cp', '--archive', '--force', `${LAYER}/layer/.`, site.path('/')])
  await rm(LAYER, { recursive: true, force: true })
}

async function compare(source: string, site: Site): Promise<number> {
  site.progress('comparing what was written')
  const sums = await liveEspOf(site, esp => readFile(`${esp}/live/SHA256SUMS.gz`))
  // What was written shall come from the disk, and not from memory.
  await writeFile('/proc/sys/vm/drop_caches', '3')
  return await compareCopy(source, parseChecksums(gunzipSync(sums).toString()), site.path('/'), site.signal)
}
