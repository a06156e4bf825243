import { CommandError } from '../shared/run.ts'
import type { CheckContext } from './types.ts'

export interface ToolAnswer {
  readonly exitCode: number
  readonly output: string
}

/** Runs a program whose failure is an answer; throws only when it is missing or was stopped. */
export async function askTool(
  { project, run, signal }: CheckContext,
  argv: readonly [string, ...string[]],
  cwd = project,
): Promise<ToolAnswer> {
  try {
    const { stdout, stderr } = await run({ argv, cwd }, { signal })
    return { exitCode: 0, output: joinOutput(stdout, stderr) }
  } catch (error) {
    if (!(error instanceof CommandError) || error.exitCode === undefined) throw error
    const { stdout } = error.cause as { readonly stdout?: unknown }
    return { exitCode: error.exitCode, output: joinOutput(typeof stdout === 'string' ? stdout : '', error.stderr) }
  }
}

function joinOutput(...parts: readonly string[]): string {
  return parts.filter(part => part.trim() !== '').join('\n')
}

/** A text without its empty lines, as lines. */
export function linesOf(text: string): string[] {
  return text.split('\n').filter(line => line.trim() !== '')
}
