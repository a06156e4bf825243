import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod/mini'

/** The console that answers: its name, and the process that shows it. */
const Owner = z.object({ console: z.string(), pid: z.number(), started: z.string() })
type Owner = z.infer<typeof Owner>

/** Which of several consoles answers the questions. One at a time does; any other can take over. */
export interface Ownership {
  /** Becomes the one that answers. Without `force` only when no other process does; gives that one's console, or null. */
  claim(force: boolean): string | null
  /** The console of another process that answers, or null. */
  other(): string | null
  /** True while this process answers. */
  mine(): boolean
  /** Stops answering. */
  release(): void
}

/** Where the owner is written below the root of the system. */
export const ownerPath = '/run/mediaserver/owner.json'

/** Opens the lock at `path` for the console with a name. A process that has ended never holds it. */
export function openOwnership(path: string, console: string): Ownership {
  const self: Owner = { console, pid: process.pid, started: startOf(process.pid) ?? '' }
  const isSelf = (owner: Owner | null) => owner?.pid === self.pid && owner.started === self.started
  const read = (): Owner | null => {
    try {
      const owner = Owner.parse(JSON.parse(readFileSync(path, 'utf8')))
      // Numbers of processes come again; the time of its start tells a process from a later one.
      return startOf(owner.pid) === owner.started ? owner : null
    } catch {
      return null
    }
  }
  const other = (): string | null => {
    const owner = read()
    return owner === null || isSelf(owner) ? null : owner.console
  }
  return {
    other,
    mine: () => isSelf(read()),
    claim(force) {
      mkdirSync(dirname(path), { recursive: true })
      const temporary = `${path}.${self.pid}.new`
      writeFileSync(temporary, JSON.stringify(self), { mode: 0o644 })
      try {
        // Of several that come at once, one makes the link.
        if (!force) linkSync(temporary, path)
        else renameSync(temporary, path)
      } catch {
        const before = other()
        if (before !== null) return before
        renameSync(temporary, path)
      } finally {
        rmSync(temporary, { force: true })
      }
      return null
    },
    release() {
      if (isSelf(read())) rmSync(path, { force: true })
    },
  }
}

// Field 22 of /proc/PID/stat, see proc_pid_stat(5): the name in field 2 may have blanks and brackets in it.
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
