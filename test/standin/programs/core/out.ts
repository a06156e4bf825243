/** Asks another program, with an end; throws an `Error` whose message says why there is no good answer. */
export async function ask(url: string, init: RequestInit = {}, milliseconds = 20_000): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', ...init, signal: AbortSignal.timeout(milliseconds) })
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code
    throw new Error(cause ?? (error as Error).message, { cause: error })
  }
}
