import { mkdir, readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { ChangeFailure } from '../apply/failure.ts'
import { defineChange, type Site } from './change.ts'
import { FilmList, listFilms, lostFilms } from './film-list.ts'
import { writeFiles } from './files.ts'

const Params = z.object({ kept: z.array(z.object({ uuid: z.string(), type: z.string() })) })
type Params = z.infer<typeof Params>

const PLACE = '/run/mediaserver/films'
const SAMPLES = 400

const listPath = (uuid: string): string => `/var/lib/mediaserver/setup/films-${uuid}.json`
const proofPath = '/var/lib/mediaserver/setup/films-compared.json'

// Neither replays a journal nor writes a time: a look leaves no trace on the disk.
const quiet: Readonly<Record<string, string>> = {
  ext4: 'ro,noload',
  xfs: 'ro,norecovery',
  btrfs: 'ro,rescue=nologreplay',
}

async function lookAt(disk: Params['kept'][number], doing: string, site: Site): Promise<FilmList> {
  const { uuid, type } = disk
  const look = (folder: string) =>
    listFilms(folder, SAMPLES, count => {
      if (count % 100 === 0) site.progress(`${doing}: ${count} files`)
    })
  // On the running system the disk is in its place already.
  const place = await site.attempt(['findmnt', '--noheadings', '--first-only', '--output', 'TARGET', `UUID=${uuid}`])
  if (site.target === '' && place.code === 0) return await look(place.stdout.trim())
  await mkdir(PLACE, { recursive: true })
  const kind = type === 'ntfs' ? 'ntfs3' : type
  await site.run(['mount', '-t', kind, '-o', `${quiet[type] ?? 'ro'},nosuid,nodev,noexec`, `UUID=${uuid}`, PLACE])
  try {
    return await look(PLACE)
  } finally {
    await site.run(['umount', PLACE])
  }
}

const readList = async (uuid: string, site: Site): Promise<FilmList | null> => {
  const text = await readFile(site.path(listPath(uuid)), 'utf8').catch(() => null)
  return text === null ? null : FilmList.parse(JSON.parse(text))
}

/** Remembers every file on the disks that are kept, before anything could change them. */
export const recordFilms = defineChange<Params>({
  id: 'record-films',
  where: 'target',
  parse: params => Params.parse(params),
  async check({ kept }, site) {
    const lists = await Promise.all(kept.map(disk => readList(disk.uuid, site)))
    if (lists.includes(null)) return null
    return `${lists.reduce((sum, list) => sum + Object.keys(list ?? {}).length, 0)} files remembered`
  },
  async apply({ kept }, site) {
    for (const disk of kept) {
      if ((await readList(disk.uuid, site)) !== null) continue
      const list = await lookAt(disk, 'looking at the films', site)
      await writeFiles([{ path: listPath(disk.uuid), text: JSON.stringify(list), mode: 0o600 }], site)
    }
  },
})

/** Compares the kept disks with what was remembered of them, and says how many files are the same. */
export const compareFilms = defineChange<Params>({
  id: 'compare-films',
  where: 'target',
  parse: params => Params.parse(params),
  async check(_, site) {
    const text = await readFile(site.path(proofPath), 'utf8').catch(() => null)
    return text === null
      ? null
      : `${z.object({ files: z.number() }).parse(JSON.parse(text)).files} files compared, all unchanged`
  },
  async apply({ kept }, site) {
    let files = 0
    for (const disk of kept) {
      const before = await readList(disk.uuid, site)
      const lost = lostFilms(before ?? {}, await lookAt(disk, 'comparing the films', site))
      if (before === null || lost.length > 0)
        throw new ChangeFailure(
          `A film disk is not as it was: ${lost.slice(0, 3).join('; ') || 'nothing was remembered of it'}.`,
          'Switch off and keep the disk as it is; save a report first.',
        )
      files += Object.keys(before).length
    }
    await writeFiles([{ path: proofPath, text: `${JSON.stringify({ files })}\n`, mode: 0o600 }], site)
  },
})
