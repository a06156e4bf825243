import { mkdir } from 'node:fs/promises'
import { isFinished, type Milestone, readJournal } from '../apply/journal.ts'
import { readRequest, type Request, setupFolder } from '../apply/request.ts'
import type { Disk } from '../machine.ts'
import { run } from '../run.ts'

/** A set-up on a disk that did not come to its end. */
export interface Unfinished {
  readonly request: Request
  readonly milestones: readonly Milestone[]
}

const PLACE = '/run/mediaserver/earlier'

/** Looks for a set-up that a power cut has stopped, on every disk that holds a system of this media server. */
export async function findUnfinished(disks: readonly Disk[]): Promise<Unfinished[]> {
  const found: Unfinished[] = []
  for (const { installation } of disks) {
    if (installation === null) continue
    await mkdir(PLACE, { recursive: true })
    // Its journal may have to be replayed for the last lines to be there, so it is not mounted with "noload".
    const mounted = await run('mount', ['-o', 'ro,nosuid,nodev,noexec', installation.path, PLACE])
    if (mounted.code !== 0) continue
    try {
      const request = await readRequest(`${PLACE}${setupFolder}/request.json`)
      const milestones = await readJournal(`${PLACE}${setupFolder}/journal.jsonl`)
      if (request !== null && !isFinished(milestones)) found.push({ request, milestones })
    } catch (error) {
      process.stderr.write(`${installation.path}: ${(error as Error).message}\n`)
    } finally {
      await run('umount', [PLACE])
    }
  }
  return found
}
