import { mkdir } from 'node:fs/promises'
import { ChangeFailure } from '../apply/failure.ts'
import type { MountWay } from '../probe/quiet-mount.ts'
import type { Site } from './change.ts'

const PLACE = '/run/mediaserver/films'
const OF_WINDOWS = ['ntfs', 'ntfs3', 'exfat']

const reason = (stderr: string): string => (stderr.split('\n')[0] ?? '').replace(/^mount: [^:]+: /, '')

// A volume that Windows only put to sleep is not mounted for writing, and mount(8) says no more than that it is wrong.
const mendOf = (type: string): string =>
  OF_WINDOWS.includes(type)
    ? 'If the disk was used with Windows: shut Windows down fully there (not "fast startup"), then try again. Else look at its cable and power; or start the set-up from the beginning and ignore this disk.'
    : 'Look at its cable and power, then try again. If it stays so, let the computer that it comes from check and mend it; or start the set-up from the beginning and ignore this disk.'

/** Mounts a film disk for a while, apart from its later place, and gives what `body` makes of it. Throws a `ChangeFailure`. */
export async function withFilmDisk<T>(
  uuid: string,
  way: MountWay,
  site: Site,
  body: (place: string) => Promise<T>,
): Promise<T> {
  await mkdir(PLACE, { recursive: true })
  const { code, stderr } = await site.attempt(['mount', '-t', way.type, '-o', way.options, `UUID=${uuid}`, PLACE])
  if (code !== 0)
    throw new ChangeFailure(
      `The film disk with the ${way.type} ${uuid} cannot be mounted: ${reason(stderr)}`,
      mendOf(way.type),
    )
  try {
    return await body(PLACE)
  } finally {
    await site.run(['umount', PLACE])
  }
}
