import { appendFile, mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from './durable.ts'
import type { ApplyEvent } from './events.ts'

/** Events that are worth keeping across a power cut; the others only move a bar. */
export type Milestone = Exclude<ApplyEvent, { type: 'progress' | 'log' }>

/** Whether an event is kept in the journal. */
export const isMilestone = (event: ApplyEvent): event is Milestone => event.type !== 'progress' && event.type !== 'log'

/** The milestones in the text of a journal. A torn last line, as a power cut leaves it, is passed over. */
export function parseJournal(text: string): Milestone[] {
  return text.split('\n').flatMap(line => {
    try {
      const value: unknown = JSON.parse(line)
      const known = typeof value === 'object' && value !== null && 'type' in value && 'at' in value
      return known ? [value as Milestone] : []
    } catch {
      return []
    }
  })
}

/** The changes that the journal says are made, for one plan; another plan's changes do not count. */
export function madeChanges(milestones: readonly Milestone[], planHash: string): Set<string> {
  const made = new Set<string>()
  let ours = false
  for (const event of milestones) {
    if (event.type === 'begun') ours = event.planHash === planHash
    if (ours && (event.type === 'done' || event.type === 'found-done')) made.add(event.id)
  }
  return made
}

/** Whether the journal's last application has come to its end. */
export const isFinished = (milestones: readonly Milestone[]): boolean => milestones.at(-1)?.type === 'finished'

/** Reads a journal; one that is not there is empty. */
export async function readJournal(path: string): Promise<Milestone[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return parseJournal(text)
}

/** Adds a line and returns when it is on the disk. A torn line of an earlier power cut is closed first. */
export async function appendDurably(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await using file = await open(path, 'a+', 0o600)
  const { size } = await file.stat()
  const last = Buffer.alloc(1)
  if (size > 0) await file.read(last, 0, 1, size - 1)
  const torn = size > 0 && last[0] !== 0x0a
  await file.appendFile(`${torn ? '\n' : ''}${line}\n`)
  await file.sync()
  if (size === 0) await syncFolder(dirname(path))
}

/** Adds a line for readers of this boot; it need not survive a power cut. */
export async function appendQuickly(path: string, line: string): Promise<void> {
  await appendFile(path, `${line}\n`, { mode: 0o644 })
}
