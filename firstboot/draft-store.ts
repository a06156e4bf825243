import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod/mini'
import { Secret } from './answers/secret.ts'
import type { KeptDraft, ScreenId } from './wizard/state.ts'
import { isStep } from './wizard/steps.ts'

const Stored = z.object({
  screen: z.string(),
  texts: z.record(z.string(), z.string()),
  secrets: z.record(z.string(), z.string()),
  sources: z.record(z.string(), z.enum(['default', 'probe', 'file', 'person'])),
})

/** Where what was typed is kept below the root of the system, in memory: it is gone with the power. */
export const draftPath = '/run/mediaserver/draft.json'

/** Keeps what was typed, WITH ITS SECRETS, in a file that only root can read. Synchronous, so that a hang-up can do it. */
export function saveDraft(path: string, { form, screen }: KeptDraft): void {
  const { texts, sources } = form
  const secrets = Object.fromEntries(Object.entries(form.secrets).map(([name, secret]) => [name, secret.reveal()]))
  const stored: z.infer<typeof Stored> = { screen, texts, secrets, sources: { ...sources } }
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.new`
  writeFileSync(temporary, JSON.stringify(stored), { mode: 0o600 })
  // The mode above counts only for a new file.
  chmodSync(temporary, 0o600)
  renameSync(temporary, path)
}

/** What was kept; null when there is nothing, or nothing that can be used. */
export function loadDraft(path: string): KeptDraft | null {
  try {
    const { screen, texts, secrets, sources } = Stored.parse(JSON.parse(readFileSync(path, 'utf8')))
    const kept = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, new Secret(value)]))
    return { screen: placeOf(screen), form: { texts, secrets: kept, sources } }
  } catch {
    return null
  }
}

// Consent is never kept, and what was being started is not started again by itself.
const placeOf = (screen: string): ScreenId => (isStep(screen) ? screen : 'review')
