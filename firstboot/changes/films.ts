import { readFile, rm } from 'node:fs/promises'
import * as z from 'zod/mini'
import { ChangeFailure } from '../apply/failure.ts'
import { quietWay } from '../probe/quiet-mount.ts'
import { defineChange, type Site } from './change.ts'
import { comparedFilms, FilmList, knownFilms, listFilms, lostFilms, unreadableFilms } from './film-list.ts'
import { writeFiles } from './files.ts'
import { filmWay } from './mounts.ts'
import { withFilmDisk } from './with-film-disk.ts'

const Params = z.object({ kept: z.array(z.object({ uuid: z.string(), type: z.string() })) })
type Params = z.infer<typeof Params>

const SAMPLES = 400

// The others have none, or do not keep changes of files in it.
const JOURNALS = ['ext3', 'ext4', 'xfs', 'btrfs']

const listPath = (uuid: string): string => `/var/lib/mediaserver/setup/films-${uuid}.json`

/** Forgets what is on a kept disk, for somebody who was asked to change something there: it is looked at anew then. */
export const forgetFilms = async (uuid: string, site: Site): Promise<void> =>
  await rm(site.path(listPath(uuid)), { force: true })

const proofPath = '/var/lib/mediaserver/setup/films-compared.json'

type Kept = Params['kept'][number]

// What a power cut has left in the journal is true from the first mount on: a list from before it would miss that.
async function settleJournal(disk: Kept, site: Site): Promise<void> {
  if (!JOURNALS.includes(disk.type)) return
  site.progress('making the film disk ready')
  await withFilmDisk(disk.uuid, filmWay(disk.type), site, async () => {})
}

/** Throws when a disk has gone: nothing of it can be read either, and that is no fault of single files. */
async function provePresent(uuid: string, site: Site): Promise<void> {
  if ((await site.attempt(['findfs', `UUID=${uuid}`], { quiet: true })).code !== 0)
    throw new ChangeFailure(
      'A film disk went away while it was looked at.',
      'Look at its cable and power, then try again.',
    )
}

async function lookAt(disk: Kept, doing: string, site: Site): Promise<FilmList> {
  const list = await listOf(disk, doing, site)
  if (unreadableFilms(list).length > 0) await provePresent(disk.uuid, site)
  return list
}

async function listOf(disk: Kept, doing: string, site: Site): Promise<FilmList> {
  const { uuid, type } = disk
  const look = (folder: string) =>
    listFilms(folder, SAMPLES, count => {
      if (count % 100 === 0) site.progress(`${doing}: ${count} files`)
    })
  // On the running system the disk is in its place already.
  const place = await site.attempt(['findmnt', '--noheadings', '--first-only', '--output', 'TARGET', `UUID=${uuid}`])
  if (site.target === '' && place.code === 0) return await look(place.stdout.trim())
  const way = quietWay(type) ?? { type, options: 'ro,nosuid,nodev,noexec' }
  return await withFilmDisk(uuid, way, site, look)
}

const readList = async (uuid: string, site: Site): Promise<FilmList | null> => {
  const text = await readFile(site.path(listPath(uuid)), 'utf8').catch(() => null)
  return text === null ? null : FilmList.parse(JSON.parse(text))
}

function unreadableWords([first, ...others]: readonly string[]): string {
  if (first === undefined) return ''
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `; not all of ${first}${more} can be read (the disk may be failing, or Windows has encrypted it)`
}

function remembered(lists: readonly FilmList[]): string {
  const count = lists.flatMap(knownFilms).length
  return `${count} files remembered${unreadableWords(lists.flatMap(unreadableFilms))}`
}

/**
 * Remembers every file on the disks that are kept, before anything could change them. The one thing that is written to
 * them is what they themselves have noted down to be written, and what the first mount by any system would write.
 */
export const recordFilms = defineChange<Params>({
  id: 'record-films',
  where: 'target',
  parse: params => Params.parse(params),
  async check({ kept }, site) {
    const lists = await Promise.all(kept.map(disk => readList(disk.uuid, site)))
    return lists.every(list => list !== null) ? remembered(lists) : null
  },
  async apply({ kept }, site) {
    for (const disk of kept) {
      if ((await readList(disk.uuid, site)) !== null) continue
      await settleJournal(disk, site)
      const list = await lookAt(disk, 'looking at the films', site)
      await writeFiles([{ path: listPath(disk.uuid), text: JSON.stringify(list), mode: 0o600 }], site)
    }
  },
})

const Proof = z.object({
  files: z.number(),
  differences: z.optional(z.array(z.string())),
  unreadable: z.optional(z.array(z.string())),
})

const SHOWN = 3

const some = (differences: readonly string[]): string => {
  const more = differences.length > SHOWN ? [`and ${differences.length - SHOWN} more`] : []
  return [...differences.slice(0, SHOWN), ...more].join('; ')
}

function evidence({ files, differences = [], unreadable = [] }: z.infer<typeof Proof>): string {
  const came = differences.length === 0 ? ', all unchanged' : `; not as before the set-up: ${some(differences)}`
  return `${files} files compared${came}${unreadableWords(unreadable)}`
}

/**
 * Compares the kept disks with what was remembered of them, and says how many files are the same. A difference stops the
 * set-up, unless the new system runs already: there people may have changed their films, and that is only told.
 */
export const compareFilms = defineChange<Params>({
  id: 'compare-films',
  where: 'target',
  parse: params => Params.parse(params),
  async check(_, site) {
    const text = await readFile(site.path(proofPath), 'utf8').catch(() => null)
    return text === null ? null : evidence(Proof.parse(JSON.parse(text)))
  },
  async apply({ kept }, site) {
    let files = 0
    const differences: string[] = []
    const unreadable: string[] = []
    for (const disk of kept) {
      const before = await readList(disk.uuid, site)
      if (before === null) differences.push('nothing was remembered of a film disk')
      const now = await lookAt(disk, 'comparing the films', site)
      differences.push(...lostFilms(before ?? {}, now))
      unreadable.push(...unreadableFilms(now))
      files += comparedFilms(before ?? {}, now).length
    }
    if (differences.length > 0 && site.target !== '')
      throw new ChangeFailure(
        `A film disk is not as it was: ${some(differences)}.`,
        'Switch off and keep the disk as it is; save a report first.',
      )
    const proof = {
      files,
      ...(differences.length === 0 ? {} : { differences }),
      ...(unreadable.length === 0 ? {} : { unreadable }),
    }
    await writeFiles([{ path: proofPath, text: `${JSON.stringify(proof)}\n`, mode: 0o600 }], site)
  },
})
