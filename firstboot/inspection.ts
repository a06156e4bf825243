import { isUnchanged, withInspected } from './disks/inspected.ts'
import type { Disk } from './machine.ts'
import type { Root } from './root.ts'

/** The slow look at disks for somebody who looks at the machine again and again: disks come late, and change. */
export interface Inspection {
  /** Disks as they are now, with what was found out of those that are still the same. */
  known(disks: readonly Disk[]): Disk[]
  /** Inspects the disks of which nothing is known yet, unless it is at it already; true when it did. */
  inspect(disks: readonly Disk[]): Promise<boolean>
}

/** An inspection that has not begun; `look` is the slow look at one disk. */
export function openInspection(root: Root, look = slowLook(root)): Inspection {
  const found = new Map<string, Disk>()
  let busy = false
  const isKnown = (disk: Disk) => {
    const before = found.get(disk.path)
    return before !== undefined && isUnchanged(before, disk)
  }
  // Another disk may come to the place of one that was pulled out.
  const forget = (disks: readonly Disk[]) => {
    for (const path of found.keys()) if (disks.every(disk => disk.path !== path)) found.delete(path)
  }
  return {
    known: disks => withInspected(disks, [...found.values()]),
    async inspect(disks) {
      if (busy) return false
      forget(disks)
      const due = disks.filter(disk => !isKnown(disk))
      if (due.length === 0) return false
      busy = true
      // What the slow look cannot find out stays unknown, and keeps nobody from going on; it is asked for again.
      await Promise.allSettled(due.map(async disk => found.set(disk.path, await look(disk))))
      busy = false
      return true
    },
  }
}

const slowLook = (root: Root) => async (disk: Disk) => {
  const { inspectDisks } = await import('./probe/inspect.ts')
  const [inspected = disk] = await inspectDisks(root, [disk])
  return inspected
}
