import { readFile } from 'node:fs/promises'
import type { Site } from './change.ts'

/** A film disk as the system's fstab mounts it; options that only systemd knows are left out. */
export interface FilmMount {
  readonly uuid: string
  readonly mountpoint: string
  readonly type: string
  readonly options: string
}

/** The film disks in the text of an fstab that this set-up wrote. Pure. */
export function filmsIn(fstab: string): FilmMount[] {
  return fstab.split('\n').flatMap(line => {
    const [what = '', mountpoint = '', type = '', options = ''] = line.split(/\s+/)
    if (!what.startsWith('UUID=') || !/^\/data\d*$/.test(mountpoint)) return []
    const plain = options.split(',').filter(option => option !== 'nofail' && !option.startsWith('x-'))
    return [{ uuid: what.slice('UUID='.length), mountpoint, type, options: plain.join(',') || 'defaults' }]
  })
}

/** The film disks of the system that is set up. */
export const filmMounts = async (site: Site): Promise<FilmMount[]> =>
  filmsIn(await readFile(site.path('/etc/fstab'), 'utf8').catch(() => ''))
