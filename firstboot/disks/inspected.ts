import type { Disk } from '../machine.ts'

/**
 * Disks as they are now, with what an earlier slow look found out of those that are still the same. For a screen that
 * looks at the machine again and again.
 */
export function withInspected(now: readonly Disk[], inspected: readonly Disk[]): Disk[] {
  return now.map(disk => {
    const before = inspected.find(other => isUnchanged(other, disk))
    if (before === undefined) return disk
    const fileSystems = disk.fileSystems.map(fs => {
      const known = before.fileSystems.find(other => other.path === fs.path && other.uuid === fs.uuid)
      if (known === undefined) return fs
      return { ...known, mountpoints: fs.mountpoints, usedBytes: fs.usedBytes ?? known.usedBytes }
    })
    return { ...disk, health: before.health, fileSystems, ...remnantsOf(before) }
  })
}

const remnantsOf = ({ remnants, contents }: Disk): Partial<Disk> =>
  remnants.length === 0 ? {} : { remnants, contents }

/** Whether a disk can be taken for the one that was inspected, so that it needs no second slow look. */
export const isUnchanged = (before: Disk, now: Disk): boolean =>
  before.path === now.path &&
  before.serial === now.serial &&
  before.wwn === now.wwn &&
  before.sizeBytes === now.sizeBytes &&
  before.tableUuid === now.tableUuid &&
  before.fileSystems.map(fs => fs.uuid).join() === now.fileSystems.map(fs => fs.uuid).join()
