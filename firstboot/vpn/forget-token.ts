import { readFile } from 'node:fs/promises'
import type { Answers } from '../answers/answers.ts'
import { answersFromJson, answersToJson } from '../answers/json.ts'
import type { Secret } from '../answers/secret.ts'
import { writeDurably } from '../apply/durable.ts'
import { answersPath } from '../apply/places.ts'
import { readRequest, requestPath, setupFolder, writeRequest } from '../apply/request.ts'
import type { Site } from '../changes/change.ts'
import { draftPath, loadDraft, saveDraft } from '../draft-store.ts'

/** Everywhere that a request of a set-up may lie, with its answers. */
const requests = [requestPath, `${setupFolder}/request.json`]

const textOf = async (path: string): Promise<string | null> => await readFile(path, 'utf8').catch(() => null)

/** Answers with the key in the place of the token; null when there is no token in them. Pure. */
export function withoutToken(answers: Answers, key: Secret): Answers | null {
  const { vpn } = answers
  if (vpn?.credential.kind !== 'token') return null
  return { ...answers, vpn: { ...vpn, credential: { kind: 'wireguard-key', value: key } } }
}

/** Whether a token still stands where answers are kept. */
export async function isTokenKept(site: Site): Promise<boolean> {
  const stored = await textOf(site.path(answersPath))
  if (stored !== null && answersFromJson(stored).vpn?.credential.kind === 'token') return true
  for (const path of requests)
    if ((await readRequest(site.path(path)))?.answers.vpn?.credential.kind === 'token') return true
  return false
}

/**
 * Puts the key in the place of the token wherever answers are kept, and takes the token out of what was typed: the key does
 * all that this machine needs, and the token could do everything in the person's account. Durable when it returns.
 */
export async function forgetToken(token: Secret, key: Secret, site: Site): Promise<void> {
  const stored = await textOf(site.path(answersPath))
  const answers = stored === null ? null : withoutToken(answersFromJson(stored), key)
  if (answers !== null) await writeDurably(site.path(answersPath), answersToJson(answers), { mode: 0o600 })
  for (const path of requests) {
    const request = await readRequest(site.path(path))
    const changed = request === null ? null : withoutToken(request.answers, key)
    // Consent is to the plan, and that is the same.
    if (request !== null && changed !== null) await writeRequest(site.path(path), { ...request, answers: changed })
  }
  const draft = loadDraft(site.path(draftPath))
  if (draft === null) return
  const kept = Object.entries(draft.form.secrets).filter(([, secret]) => secret.reveal() !== token.reveal())
  if (kept.length === Object.keys(draft.form.secrets).length) return
  saveDraft(site.path(draftPath), { ...draft, form: { ...draft.form, secrets: Object.fromEntries(kept) } })
}
