import { exchange, impostorWords, isImpostor } from '../http/exchange.ts'

/** One question over http or https. */
export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  /** May hold a secret; nothing of them is in any answer. */
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

/** What was answered, or that there was no answer, in a few words. */
export type Reply = { readonly status: number; readonly text: string } | { readonly unreachable: string }

/** Asks; never throws. */
export type Ask = (question: Question) => Promise<Reply>

const TIMEOUT_MS = 15_000

/** How servers are asked from this machine. */
export const ask: Ask = async ({ headers, timeoutMs = TIMEOUT_MS, ...question }) => {
  try {
    const { status, text } = await exchange({
      ...question,
      headers: { accept: 'application/json', ...headers },
      timeoutMs,
    })
    return { status, text }
  } catch (error) {
    return { unreachable: reason(new URL(question.url).hostname, error as NodeJS.ErrnoException) }
  }
}

function reason(host: string, error: NodeJS.ErrnoException): string {
  if (isImpostor(error)) return impostorWords(host)
  return error.code === 'ECONNREFUSED' ? `${host} does not answer` : `${host} cannot be reached`
}
