import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as z from 'zod/mini'
import { writeDurably } from '../apply/durable.ts'
import type { Root } from '../root.ts'
import { type Entry, historyPath, withEntry } from './history.ts'
import type { Progress } from './run-checks.ts'
import { parseVerification, type Verification, verificationPath } from './verification.ts'

/** How far the verification is that is being made right now; lies in memory. */
const progressPath = '/run/mediaserver/verify-progress.json'

const KnownProgress = z.object({ pid: z.number(), done: z.number(), total: z.number(), now: z.array(z.string()) })

/** What is known of the last verification; null for none. */
export const readVerification = (root: Root): Verification | null => parseVerification(root.text(verificationPath))

/** How far the one is that is being made; null when none is. Does not believe a program that was killed. */
export function readProgress(root: Root): Progress | null {
  try {
    const { pid, ...progress } = KnownProgress.parse(JSON.parse(root.text(progressPath) ?? ''))
    return root.text(`/proc/${pid}/stat`) === null ? null : progress
  } catch {
    return null
  }
}

const at = (root: Root, path: string) => (root.prefix === '' ? path : join(root.prefix, path))

/** Keeps a verification and, unless only a part of the machine was asked, its line in the history. */
export async function keepVerification(root: Root, verification: Verification, entry: Entry | null): Promise<void> {
  await writeDurably(at(root, verificationPath), `${JSON.stringify(verification)}\n`, { mode: 0o644 })
  if (entry === null) return
  const history = await readFile(at(root, historyPath), 'utf8').catch(() => null)
  await writeDurably(at(root, historyPath), withEntry(history, entry), { mode: 0o644 })
}

/** Says how far it is, for the consoles; the newest word counts. Null: it is over. */
export async function keepProgress(root: Root, progress: Progress | null): Promise<void> {
  const path = at(root, progressPath)
  if (progress === null) return await rm(path, { force: true })
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, JSON.stringify({ pid: process.pid, ...progress }), { mode: 0o644 })
  await rename(`${path}.new`, path)
}
