import { mkdir, readFile } from 'node:fs/promises'
import { answersFromJson } from '../answers/json.ts'
import { isFinished, readJournal } from '../apply/journal.ts'
import { readRequest, type Request, setupFolder } from '../apply/request.ts'
import { answersPath, firstNamePath } from '../apply/places.ts'
import type { Disk } from '../machine.ts'
import { run } from '../run.ts'

/** What earlier set-ups have left on the disks. */
export interface Earlier {
  /** Set-ups that did not come to their end. */
  readonly unfinished: readonly Request[]
  /** Media servers that are complete: the device of their disk, and the names that they were set up with and have now. */
  readonly finished: readonly { readonly disk: string; readonly hostnames: readonly string[] }[]
  /** The devices of disks with a system on them of which it cannot be said what became of it. */
  readonly unknown: readonly string[]
}

const PLACE = '/run/mediaserver/earlier'

/** Looks at every disk that holds a system of this media server, for one that is complete and one that a power cut has stopped. */
export async function findEarlier(disks: readonly Disk[]): Promise<Earlier> {
  const unfinished: Request[] = []
  const finished: { disk: string; hostnames: string[] }[] = []
  const unknown: string[] = []
  for (const { installation, path } of disks) {
    // Without a file system, the power failed before anything was set up there.
    if (installation === null || installation.uuid === '') continue
    await mkdir(PLACE, { recursive: true })
    // Its journal may have to be replayed for the last lines to be there, so it is not mounted with "noload".
    const mounted = await run('mount', ['-t', 'ext4', '-o', 'ro,nosuid,nodev,noexec', installation.path, PLACE])
    if (mounted.code !== 0) {
      process.stderr.write(`${installation.path}: ${mounted.stderr.trim()}\n`)
      unknown.push(path)
      continue
    }
    try {
      const request = await readRequest(`${PLACE}${setupFolder}/request.json`)
      const journal = await readJournal(`${PLACE}${setupFolder}/journal.jsonl`)
      // Once complete it stays so, even if answers that were applied again later did not work out.
      if (journal.some(event => event.type === 'finished'))
        finished.push({ disk: path, hostnames: await hostnamesOf(PLACE) })
      if (request !== null && !isFinished(journal)) unfinished.push(request)
    } catch (error) {
      unknown.push(path)
      process.stderr.write(`${installation.path}: ${(error as Error).message}\n`)
    } finally {
      await run('umount', [PLACE])
    }
  }
  return { unfinished, finished, unknown }
}

async function hostnamesOf(folder: string): Promise<string[]> {
  const { hostname } = answersFromJson(await readFile(`${folder}${answersPath}`, 'utf8'))
  const first = await readFile(`${folder}${firstNamePath}`, 'utf8').catch(() => '')
  return [...new Set([hostname, first.trim()])].filter(name => name !== '')
}
