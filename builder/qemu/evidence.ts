import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Machine } from './machine.ts'

/** The folder that keeps what one test saw. */
export function evidenceFolder(name: string, out = 'out'): string {
  return join(
    out,
    'evidence',
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, ''),
  )
}

/** Keeps what can still be had from a machine: the console, the picture of tty1 and the journal. Never throws. */
export async function keepEvidence(machine: Machine, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const keep = async (name: string, content: () => string | Promise<string>) => {
    try {
      await writeFile(join(folder, name), await content())
    } catch (error) {
      await writeFile(join(folder, `${name}.missing`), String(error))
    }
  }
  await keep('screen.txt', () => machine.screenText())
  await keep('console.log', () => machine.consoleLog())
  await machine.screendump(join(folder, 'tty1.png')).catch(() => undefined)
  await keep('journal.txt', async () => (await machine.shell('journalctl -b --no-pager -o short-monotonic', 20)).output)
}

/** Runs a test's body; when it fails, keeps the evidence before the machine is gone. */
export async function withEvidence<T>(machine: Machine, name: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } catch (error) {
    await keepEvidence(machine, evidenceFolder(name))
    throw error
  }
}
