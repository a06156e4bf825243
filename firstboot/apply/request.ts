import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import type { Answers } from '../answers/answers.ts'
import { answersFromJson, answersToJson } from '../answers/json.ts'
import { isAnswersName } from '../config-partition/folder.ts'
import { hashOf } from '../plan/hash.ts'
import type { Plan } from '../plan/plan.ts'
import { writeDurably } from './durable.ts'
import { ChangeFailure } from './failure.ts'

/** What somebody agreed to: the answers, the plan made from them, and the hash of the plan that was on the screen. */
export interface Request {
  readonly answers: Answers
  readonly plan: Plan
  readonly consent: string
  /** Who agreed: a console such as `tty1`, or the file with the answers, as it is named on the stick. */
  readonly by: string
}

/** Whether nobody agreed on a screen, but by a file on the stick. */
export const isFromStick = ({ by }: Pick<Request, 'by'>): boolean => isAnswersName(by)

/** Where the request of this boot lies; only root may read it. */
export const requestPath = '/run/mediaserver/request.json'

/** Where request and journal lie on the system disk, below the root that it has there. */
export const setupFolder = '/var/lib/mediaserver/setup'

const Stored = z.strictObject({
  answers: z.string(),
  plan: z.object({
    mode: z.enum(['install', 'in-place', 'configure']),
    changes: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        params: z.record(z.string(), z.unknown()),
        destroys: z.array(z.string()),
        weight: z.number(),
      }),
    ),
    disks: z.array(
      z.object({
        disk: z.string(),
        model: z.string(),
        serial: z.string(),
        sizeBytes: z.number(),
        fate: z.enum(['erase', 'keep', 'leave']),
        contents: z.array(z.string()),
      }),
    ),
    hash: z.string(),
  }),
  consent: z.string(),
  by: z.string(),
})

/** Keeps a request; durable where its folder is on a disk. */
export async function writeRequest(path: string, { answers, plan, consent, by }: Request): Promise<void> {
  const stored: z.infer<typeof Stored> = JSON.parse(
    JSON.stringify({ answers: answersToJson(answers), plan, consent, by }),
  )
  await writeDurably(path, JSON.stringify(stored), { mode: 0o600 })
}

/** Reads a request; null when there is none. Throws when the plan in it is not the one that was agreed to. */
export async function readRequest(path: string): Promise<Request | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const { answers, plan, consent, by } = Stored.parse(JSON.parse(text))
  const { hash, ...decided } = plan
  if (hashOf(decided) !== hash || hash !== consent)
    throw new ChangeFailure(
      'What shall be done now is not what was agreed to.',
      'Start the set-up again and look at its summary.',
    )
  return { answers: answersFromJson(answers), plan, consent, by }
}
