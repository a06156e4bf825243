import { existsSync } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Runner } from '../shared/run.ts'

/** Every file that git knows or would take; none of what .gitignore names. */
export async function projectFiles(project: string, run: Runner, signal: AbortSignal): Promise<string[]> {
  const argv = ['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'] as const
  const { stdout } = await run({ argv, cwd: project }, { signal })
  // A file that is deleted and not yet committed is still listed.
  return [...new Set(stdout.split('\0'))].filter(file => file !== '' && existsSync(join(project, file))).sort()
}

/** A file with what tells a script: its first line and whether it may be run. */
export interface Script {
  readonly file: string
  readonly firstLine: string
  readonly executable: boolean
}

async function firstLineOf(path: string): Promise<string> {
  await using handle = await open(path)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0)
  return buffer.toString('latin1', 0, bytesRead).split('\n', 1)[0] ?? ''
}

/** Reads what tells a script of each file; symbolic links stand for nothing of their own. */
export async function readScripts(project: string, files: readonly string[]): Promise<Script[]> {
  const read = await Promise.all(
    files.map(async file => {
      const path = join(project, file)
      const facts = await lstat(path)
      if (!facts.isFile()) return []
      return [{ file, firstLine: await firstLineOf(path), executable: (facts.mode & 0o111) !== 0 }]
    }),
  )
  return read.flat()
}

export function isShellScript({ file, firstLine }: Pick<Script, 'file' | 'firstLine'>): boolean {
  return file.endsWith('.sh') || /^#!\s*(\/usr)?\/bin\/(env\s+)?(ba|da)?sh\b/.test(firstLine)
}

/** Files that cannot be run though they begin like programs, or can be run though they do not. */
export function modeFaults(scripts: readonly Script[]): string[] {
  return scripts.flatMap(({ file, firstLine, executable }) => {
    const program = firstLine.startsWith('#!')
    if (program === executable) return []
    return program
      ? [`${file}: begins with #! and is not executable (chmod +x)`]
      : [`${file}: is executable and does not begin with #! (chmod -x)`]
  })
}
