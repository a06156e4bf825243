import { mkdir, readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { writeDurably } from '../apply/durable.ts'
import { fileSystemUuid, partitionPath } from './block-devices.ts'
import { defineChange, type Site } from './change.ts'

const Params = z.object({
  esp: z.boolean(),
  ids: z.object({
    esp: z.string(),
    rootA: z.string(),
    state: z.string(),
    espVolume: z.string(),
    rootFileSystem: z.string(),
    stateFileSystem: z.string(),
  }),
})
type Params = z.infer<typeof Params>

interface Made {
  readonly type: 'ext4' | 'vfat'
  readonly device: string
  readonly uuid: string
  readonly command: readonly [string, ...string[]]
}

const ext4 = (device: string, uuid: string, label: string): Made => ({
  type: 'ext4',
  device,
  uuid,
  command: ['mkfs.ext4', '-q', '-F', '-L', label, '-U', uuid],
})

function wanted({ ids, esp }: Params): Made[] {
  const volume = ids.espVolume.toLowerCase()
  return [
    ext4(partitionPath(ids.rootA), ids.rootFileSystem, 'ms-root-a'),
    ext4(partitionPath(ids.state), ids.stateFileSystem, 'ms-state'),
    ...(esp
      ? [
          {
            type: 'vfat' as const,
            device: partitionPath(ids.esp),
            // How blkid shows the volume number of FAT.
            uuid: `${volume.slice(0, 4)}-${volume.slice(4)}`,
            command: ['mkfs.vfat', '-F', '32', '-n', 'MS-EFI', '-i', ids.espVolume] as const,
          },
        ]
      : []),
  ]
}

const PLACE = '/run/mediaserver/made'
// Proves that mkfs came to its end: its identity alone can be on the disk before the rest is.
const MARK = '.mediaserver-made'

async function inside<T>({ type, device }: Made, options: string, site: Site, body: () => Promise<T>): Promise<T> {
  await mkdir(PLACE, { recursive: true })
  await site.run(['mount', '-t', type, '-o', options, device, PLACE])
  try {
    return await body()
  } finally {
    await site.run(['umount', PLACE])
  }
}

async function isMade(made: Made, site: Site): Promise<boolean> {
  const { device, uuid } = made
  if ((await fileSystemUuid(device, site)) !== uuid) return false
  // Mounted already, it was found sound before.
  if ((await site.attempt(['findmnt', '--noheadings', device])).code === 0) return true
  return await inside(made, 'rw,nodev,noexec', site, async () =>
    (await readFile(`${PLACE}/${MARK}`, 'utf8').catch(() => '')).includes(uuid),
  ).catch(() => false)
}

/** Makes the file systems of the system disk. The second root stays empty until an upgrade needs it. */
export const fileSystems = defineChange<Params>({
  id: 'file-systems',
  where: 'machine',
  parse: params => Params.parse(params),
  async check(params, site) {
    const made = wanted(params)
    for (const each of made) if (!(await isMade(each, site))) return null
    return `${made.length} file systems`
  },
  async apply(params, site) {
    const all = wanted(params)
    for (const [index, each] of all.entries()) {
      if (await isMade(each, site)) continue
      site.progress('making file systems', index, all.length)
      const [program, ...args] = each.command
      await site.run([program, ...args, each.device])
      await inside(each, 'rw', site, () =>
        writeDurably(`${PLACE}/${MARK}`, `Made by the set-up of the media server: ${each.uuid}\n`, { mode: 0o644 }),
      )
    }
  },
})
