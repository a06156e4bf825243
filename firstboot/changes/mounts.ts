import { mkdir } from 'node:fs/promises'
import * as z from 'zod/mini'
import type { MountWay } from '../probe/quiet-mount.ts'
import { defineChange, type Site } from './change.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'

const Film = z.object({ uuid: z.string(), type: z.string(), mountpoint: z.string(), keep: z.boolean() })
const Params = z.object({ root: z.string(), state: z.string(), esp: z.string(), films: z.array(Film) })
type Params = z.infer<typeof Params>

/** Folders of the system that lie on the state partition: they outlive the root that they are seen in. */
export const stateFolders = [
  '/home',
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/plexmediaserver',
  '/var/lib/mediaserver',
] as const

/** Where a folder of the system lies on the state partition. */
export const onState = (folder: string): string => `/state${folder}`

// File systems of Windows know no owners; everything on them belongs to the first user.
const owners = { ntfs: ',uid=1000,gid=1000,umask=0022,windows_names', exfat: ',uid=1000,gid=1000,umask=0022' }

/** How the system mounts a film disk with this type of file system. */
export const filmWay = (type: string): MountWay => ({
  type: type === 'ntfs' ? 'ntfs3' : type,
  options: `noatime${type === 'ntfs' || type === 'exfat' ? owners[type] : ''}`,
})

function filmLine({ uuid, type, mountpoint }: z.infer<typeof Film>): string {
  const way = filmWay(type)
  const check = type === 'ext4' ? 2 : 0
  // A disk that is missing must not keep the machine from starting: only what needs its files waits for it.
  return `UUID=${uuid} ${mountpoint} ${way.type} nofail,${way.options} 0 ${check}`
}

/** The text of fstab(5). Everything is found by its identity and never by a name that can change. Pure. */
export function renderFstab({ root, state, esp, films }: Params): string {
  const bind = (folder: string, from: string) => `${from} ${folder} none bind,x-systemd.requires-mounts-for=/state 0 0`
  return [
    '# Written by the set-up of the media server. Own lines belong below the last one.',
    `UUID=${root} / ext4 errors=remount-ro,noatime 0 1`,
    `PARTUUID=${esp} /boot/efi vfat umask=0077,nofail 0 2`,
    `UUID=${state} /state ext4 noatime 0 2`,
    ...stateFolders.map(folder => bind(folder, onState(folder))),
    // Without a disk of their own, films lie beside everything else.
    ...(films.length === 0 ? [bind('/data', onState('/data'))] : films.map(filmLine)),
    '',
  ].join('\n')
}

/** Rules for udev(7): a film disk that comes late, or was pulled out and comes back, is mounted when it is there. Pure. */
export const renderFilmRules = (films: Params['films']): string =>
  [
    '# Written by the set-up of the media server.',
    ...films.map(
      ({ uuid, mountpoint }) =>
        `SUBSYSTEM=="block", ENV{ID_FS_UUID}=="${uuid}", TAG+="systemd", ENV{SYSTEMD_WANTS}+="${mountpoint.slice(1)}.mount"`,
    ),
    '',
  ].join('\n')

const files = (params: Params): OwnFile[] => [
  { path: '/etc/fstab', text: renderFstab(params) },
  { path: '/etc/udev/rules.d/90-mediaserver-films.rules', text: renderFilmRules(params.films) },
]

const mountpoints = ({ films }: Params): string[] =>
  films.length === 0 ? ['/data'] : films.map(each => each.mountpoint)

const PLACE = '/run/mediaserver/root'

/**
 * Gives the root file system without what is mounted on it. On the running system the film disk hides the folder below
 * it, and what is meant for that folder would hit the disk.
 */
async function withRootAlone<T>(site: Site, body: (root: string) => Promise<T>): Promise<T> {
  if (site.target !== '') return await body(site.target)
  await mkdir(PLACE, { recursive: true })
  await site.run(['mount', '--bind', '/', PLACE])
  try {
    return await body(PLACE)
  } finally {
    await site.run(['umount', PLACE])
  }
}

const isImmutable = async (folder: string, site: Site): Promise<boolean> => {
  const { code, stdout } = await site.attempt(['lsattr', '-d', folder])
  return code === 0 && /^\S*i\S* /.test(stdout)
}

/** Writes down what is mounted where. The folder below a film disk is immutable, so that nothing fills the SSD instead. */
export const mounts = defineChange<Params>({
  id: 'mounts',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    if (!(await filesAreThere(files(params), site))) return null
    const all = await withRootAlone(site, async root => {
      for (const mountpoint of mountpoints(params)) if (!(await isImmutable(`${root}${mountpoint}`, site))) return false
      return true
    })
    if (!all) return null
    return `/etc/fstab with ${params.films.length === 0 ? 'films on the system disk' : `${params.films.length} film disk`}`
  },
  async apply(params, site) {
    await mkdir(site.path(onState('/data')), { recursive: true })
    await withRootAlone(site, async root => {
      for (const mountpoint of mountpoints(params)) {
        await mkdir(`${root}${mountpoint}`, { recursive: true })
        await site.run(['chattr', '+i', `${root}${mountpoint}`])
      }
    })
    await writeFiles(files(params), site)
  },
})
