import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaserver-test-'))
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }))
  return folder
}

/** Waits until something is so; a test fails by its own time limit when it never is. */
export async function until<T>(
  what: () => Promise<T | undefined | false> | T | undefined | false,
  patience = 20_000,
): Promise<T> {
  const end = performance.now() + patience
  while (performance.now() < end) {
    const found = await what()
    if (found !== undefined && found !== false) return found
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error(`This did not come true within ${patience} ms: ${what}`)
}

/** The process number that a program writes into a file, once it stands there. */
export const pidIn = async (file: string): Promise<number> =>
  await until(async () => Number(await readFile(file, 'utf8').catch(() => '')) || undefined)
