import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { rootPartuuid } from '../probe/cmdline.ts'
import { lsblkArguments, parseLsblk } from '../probe/lsblk.ts'
import type { Root } from '../root.ts'
import { type Ended, run as runProgram } from '../run.ts'
import { parseMountinfo } from '../status/data-disk.ts'
import { findConfig, type Found } from './find.ts'
import { changeFolder, type Changes, type Config, readFolder } from './folder.ts'

/** The partition CONFIG of the stick. It is mounted read-only but for the moments in which it is written. */
export interface ConfigPartition {
  /** What is on it; a stick that is not there or damaged gives nothing and a note, and never throws. */
  read(): Promise<Config>
  /** Changes it; gives what did not work, as sentences, and never throws. */
  write(changes: Changes): Promise<readonly string[]>
}

/** Where CONFIG is mounted. */
export const configFolder = '/run/mediaserver/config'

type Run = (program: string, args: readonly string[]) => Promise<Ended>

/**
 * Opens the partition CONFIG: of the disk that this system was started from, unless `find` looks elsewhere. The folder and
 * the runner are for tests; the folder's file system says nothing to them.
 */
export function openConfigPartition(
  root: Root,
  folder: string = configFolder,
  { run = runProgram, find = findConfig }: { readonly run?: Run; readonly find?: typeof findConfig } = {},
): ConfigPartition {
  // One after the other: a reader must not find it unmounted, nor a writer read-only.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
  const mountedFrom = () =>
    parseMountinfo(root.text('/proc/self/mountinfo') ?? '').findLast(mount => mount.point === folder)

  /** Mounts it read-only, wherever it is now; gives why that is impossible, or null. */
  const mount = async (): Promise<string | null> => {
    const found = await locate(root, run, find)
    if ('note' in found) return found.note
    const there = mountedFrom()
    if (there?.source === found.path) {
      await untilLocked()
      return null
    }
    // Another stick.
    if (there !== undefined) await run('umount', ['-l', folder])
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const ended = await run('mount', ['-t', found.fileSystem, '-o', `ro,${options}`, found.path, folder])
    return ended.code === 0
      ? null
      : `The part CONFIG of the stick cannot be read: ${why(ended)} Flash the stick again, or go on without it.`
  }
  const lock = async (): Promise<void> => {
    if ((await run('mount', ['-o', `remount,ro,${options}`, folder])).code === 0) return
    if ((await run('umount', [folder])).code !== 0) await run('umount', ['-l', folder])
  }
  /** Waits for another process that writes. One that was killed is not waited for long; the kernel knows which it is. */
  const untilLocked = async (): Promise<void> => {
    for (let waited = 0; waited < writerPatience; waited += 100) {
      if (mountedFrom()?.readOnly !== false) return
      await sleep(100)
    }
    await run('mount', ['-o', `remount,ro,${options}`, folder])
  }

  return {
    read: () =>
      inTurn(async () => {
        try {
          const note = await mount()
          return note === null ? await readFolder(folder) : nothing(note)
        } catch {
          return nothing('The part CONFIG of the stick could not be read: it was pulled out, or is damaged.')
        }
      }),
    write: changes =>
      inTurn(async () => {
        try {
          const note = await mount()
          if (note !== null) return [note]
          const opened = await run('mount', ['-o', `remount,rw,${options}`, folder])
          if (opened.code !== 0) {
            await lock()
            return [`Nothing could be written to the stick: ${why(opened)}`]
          }
          try {
            return await changeFolder(folder, changes)
          } finally {
            await lock()
          }
        } catch (error) {
          return [`The stick could not be written to: ${error instanceof Error ? error.message : String(error)}`]
        }
      }),
  }
}

// How long another process may write, in milliseconds.
const writerPatience = 3000

// Answers may hold secrets, so nobody but root looks in; and nothing on a stick is a program.
const options = 'nosuid,nodev,noexec,umask=077'

const nothing = (note: string): Config => ({
  names: [],
  answersName: null,
  answersText: null,
  authorizedKeys: [],
  notes: [note],
})

async function locate(root: Root, run: Run, find: typeof findConfig): Promise<Found> {
  const ended = await run('lsblk', lsblkArguments)
  if (ended.code !== 0) return { note: 'The stick could not be looked for: the disks cannot be listed.' }
  return find(parseLsblk(ended.stdout), rootPartuuid(root.text('/proc/cmdline') ?? ''))
}

/** Why mount did not want to, in plain words where they are known; else its own first sentence. */
function why(ended: Ended): string {
  if (/write-protected/.test(ended.stderr)) return 'it is write-protected.'
  if (/wrong fs type|bad superblock|can't read superblock/.test(ended.stderr)) return 'its file system is damaged.'
  const first = ended.stderr.trim().split('\n')[0] ?? ''
  const words = first
    .replace(/^mount: /, '')
    .replace(/^\/\S+: /, '')
    .replace(/\.$/, '')
  return `${words || 'mount says nothing more'}.`
}
