import { access, type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ChangeFailure } from './apply/failure.ts'
import type { Site } from './changes/change.ts'
import { runOnFile } from './run.ts'

// sysexits(3): of no other meaning for flock(1).
const TAKEN = 75

const flock = async (file: FileHandle, how: readonly string[], signal: AbortSignal) =>
  await runOnFile('flock', ['--exclusive', `--conflict-exit-code=${TAKEN}`, ...how], file.fd, signal)

/** Something that one program at a time may do. */
export interface Lock extends AsyncDisposable {
  /** Whether somebody else had it, and was waited for. */
  readonly waited: boolean
}

/**
 * Takes the lock on a file, and waits for whoever has it; `onWait` is told so. It is one of the kernel's, see flock(2): it
 * is gone with the program that has it, however that ends, so none is ever left behind. Only root may open the file, or
 * anybody could hold everything up.
 */
export async function takeLock(path: string, signal: AbortSignal, onWait: () => void = () => {}): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'a', 0o600)
  try {
    let ended = await flock(file, ['--nonblock'], signal)
    const waited = ended.code === TAKEN
    if (waited) {
      onWait()
      ended = await flock(file, [], signal)
    }
    if (ended.code !== 0)
      throw new ChangeFailure(
        `The lock ${path} could not be taken: ${ended.stderr.trim() || 'flock gave no reason'}.`,
        'Try again; if it happens again, save a report.',
      )
    return { waited, [Symbol.asyncDispose]: async () => await file.close() }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Whether somebody has the lock on a file right now. Changes nothing, and does not make the file. */
export async function isTaken(path: string, { attempt }: Pick<Site, 'attempt'>): Promise<boolean> {
  const there = await access(path).then(
    () => true,
    () => false,
  )
  if (!there) return false
  // Shared, so that two who only look do not see each other.
  const look = ['--shared', '--nonblock', `--conflict-exit-code=${TAKEN}`] as const
  return (await attempt(['flock', ...look, path, 'true'], { quiet: true })).code === TAKEN
}
