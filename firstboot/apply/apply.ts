import { mkdir, readFile, rm } from 'node:fs/promises'
import { allChanges } from '../changes/all.ts'
import { credentialsPath } from '../credentials.ts'
import type { ApplyEvent } from './events.ts'
import { eventsPath, shownPasswordsPath } from './events.ts'
import { writeDurably } from './durable.ts'
import { executePlan } from './execute.ts'
import { appendDurably, appendQuickly, isMilestone, madeChanges, type Milestone, readJournal } from './journal.ts'
import { readRequest, type Request, setupFolder, writeRequest } from './request.ts'
import { siteMaker } from './site.ts'
import { journalOnDisk, mountTarget, TARGET } from './target.ts'

/** How an application of a plan ended. */
export interface Outcome {
  readonly finished: boolean
  readonly milestones: readonly Milestone[]
}

// Moves a bar; more often than this nobody can see.
const PROGRESS_MILLISECONDS = 250

/**
 * Makes a request true. Everything it says goes to the events of this boot, for the screens; milestones go to a journal on
 * the system disk as soon as there is one, so that a later boot goes on from there.
 */
export async function applyRequest(request: Request, signal: AbortSignal): Promise<Outcome> {
  const { plan, answers } = request
  await mkdir('/run/mediaserver', { recursive: true })
  const inFolder = plan.mode !== 'configure' && !(await runsFromTarget(plan.hash))
  const folder = `${inFolder ? TARGET : ''}${setupFolder}`
  const journal = `${folder}/journal.jsonl`
  const milestones: Milestone[] = []
  let onDisk = !inFolder
  let lastProgress = 0

  const tell = async (said: Omit<ApplyEvent, 'at'>) => {
    const event = { ...said, at: Date.now() } as ApplyEvent
    const text = JSON.stringify(event)
    if (isMilestone(event)) milestones.push(event)
    if (onDisk && isMilestone(event)) await appendDurably(journal, text)
    await appendQuickly(eventsPath, text)
  }
  const makeSite = siteMaker(answers, inFolder, signal)
  // Lines and progress may come while a milestone is written; they keep their order among themselves.
  let queue = Promise.resolve()
  const tellSoon = (event: Omit<ApplyEvent, 'at'>) => {
    queue = queue.then(() => tell(event)).catch(() => {})
  }
  const siteFor = (id: string) =>
    makeSite({
      progress(doing, done, total) {
        const now = Date.now()
        if (done !== undefined && now - lastProgress < PROGRESS_MILLISECONDS) return
        lastProgress = now
        tellSoon({
          type: 'progress',
          id,
          doing,
          ...(done === undefined ? {} : { done }),
          ...(total === undefined ? {} : { total }),
        } as Omit<ApplyEvent, 'at'>)
      },
      log: line => tellSoon({ type: 'log', id, line } as Omit<ApplyEvent, 'at'>),
    })
  const earlier = inFolder ? await journalOnDisk(plan, siteFor('mounts')) : await readJournal(journal)
  const finished = await executePlan(plan, {
    changes: allChanges,
    site: planned => siteFor(planned.id),
    made: madeChanges(earlier, plan.hash),
    settle: async () => void (await siteFor('settle').run(['sync'])),
    async openTarget() {
      if (!inFolder) return
      await mountTarget(plan, siteFor('mounts'))
      await writeRequest(`${folder}/request.json`, request)
      onDisk = true
      for (const event of milestones) await appendDurably(journal, JSON.stringify(event))
    },
    tell: async event => {
      await queue
      // The last screen reads them in the moment in which it is told.
      if (event.type === 'finished') await showPasswords(`${inFolder ? TARGET : ''}${credentialsPath}`)
      await tell(event)
    },
  })
  await queue
  // The secrets in it are in the answers as well, and nobody needs it any more.
  if (finished && onDisk) await rm(`${folder}/request.json`, { force: true })
  return { finished, milestones }
}

// For the last screen: after it they are on the system disk alone.
async function showPasswords(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text !== null) await writeDurably(shownPasswordsPath, text, { mode: 0o600 })
}

// After a power cut the new system may be the one that runs; its own copy of the request says so.
async function runsFromTarget(hash: string): Promise<boolean> {
  const path = `${setupFolder}/request.json`
  return (await readRequest(path))?.consent === hash
}
