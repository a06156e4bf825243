import { type FileHandle, open } from 'node:fs/promises'
import { watch } from 'node:fs'
import { dirname } from 'node:path'
import { parseEvent } from './event.ts'
import { noTrack, type Track, track } from './reduce.ts'

/** How often the file is looked at when the kernel tells nothing, in milliseconds. */
export const pollInterval = 500

const newline = 0x0a
const chunkBytes = 256 * 1024
const headBytes = 256

/** Follows one events file from its beginning; any number of processes may follow the same one. */
export interface Follower {
  /** Looks now instead of at the next change. */
  look(): Promise<void>
  /** Stops; nothing is reported any more. */
  stop(): void
}

/**
 * Follows the events file at `path`, which need not exist yet. `onTrack` gets what is known whenever that has changed.
 * A file that was replaced or cut is read again from its beginning.
 */
export function followEvents(path: string, onTrack: (track: Track) => void): Follower {
  let place: Place = start
  let now = noTrack
  let stoppedFollowing = false
  let busy: Promise<void> | null = null
  let again = false
  let watcher: ReturnType<typeof watch> | null = null

  const read = async () => {
    do {
      again = false
      const { place: next, lines, fresh } = await readOn(path, place)
      place = next
      const events = lines.flatMap(line => parseEvent(line) ?? [])
      const before = now
      now = events.reduce(track, fresh ? noTrack : now)
      if (!stoppedFollowing && now !== before) onTrack(now)
    } while (again)
  }
  const look = (): Promise<void> => {
    if (stoppedFollowing) return Promise.resolve()
    again = true
    busy ??= read().finally(() => {
      busy = null
    })
    return busy
  }
  const watchFolder = () => {
    try {
      // The folder and not the file: the file may come later, or be replaced.
      watcher = watch(dirname(path), () => void look())
      watcher.on('error', () => {
        watcher?.close()
        watcher = null
      })
    } catch {
      watcher = null
    }
  }
  const poll = setInterval(() => {
    if (watcher === null) watchFolder()
    void look()
  }, pollInterval)
  poll.unref()
  watchFolder()
  void look()
  return {
    look,
    stop() {
      stoppedFollowing = true
      clearInterval(poll)
      watcher?.close()
    },
  }
}

/** How far a file has been read. */
interface Place {
  readonly inode: number
  readonly offset: number
  /** The beginning of a line whose end is not written yet. */
  readonly rest: Buffer
  /** The first bytes: another file can have the same inode and be longer. */
  readonly head: Buffer
}
const start: Place = { inode: 0, offset: 0, rest: Buffer.alloc(0), head: Buffer.alloc(0) }

async function readOn(path: string, before: Place): Promise<{ place: Place; lines: string[]; fresh: boolean }> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch {
    // While it is being replaced there may be none; what was said is shown until there is something new.
    return { place: before, lines: [], fresh: false }
  }
  try {
    const { ino, size } = await file.stat()
    const head = await bytesAt(file, 0, Math.min(size, headBytes))
    const same =
      ino === before.inode && size >= before.offset && head.subarray(0, before.head.length).equals(before.head)
    const from = same ? before : start
    const pieces = [from.rest]
    let offset = from.offset
    while (offset < size) {
      const piece = await bytesAt(file, offset, Math.min(chunkBytes, size - offset))
      if (piece.length === 0) break
      pieces.push(piece)
      offset += piece.length
    }
    const all = Buffer.concat(pieces)
    const end = all.lastIndexOf(newline) + 1
    const lines = end > 0 ? all.toString('utf8', 0, end).split('\n').slice(0, -1) : []
    return { place: { inode: ino, offset, rest: all.subarray(end), head }, lines, fresh: !same }
  } catch {
    return { place: before, lines: [], fresh: false }
  } finally {
    await file.close()
  }
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}
