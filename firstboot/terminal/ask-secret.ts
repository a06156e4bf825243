import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Secret } from '../answers/secret.ts'

/**
 * Asks for a secret on a terminal, and shows nothing of what is typed; null when nothing was, or with Ctrl and C. The line can
 * be corrected as usual.
 */
export async function askSecret(
  question: string,
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WritableStream = process.stdout,
): Promise<Secret | null> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  // As a terminal, so that it takes the echo from the real one.
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
  output.write(question)
  const text = await new Promise<string>(resolve => {
    lines
      .once('line', typed => resolve(typed))
      .once('SIGINT', () => resolve(''))
      .once('close', () => resolve(''))
  })
  lines.close()
  output.write('\n')
  return text === '' ? null : new Secret(text)
}
