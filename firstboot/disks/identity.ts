import type { Disk } from '../machine.ts'
import { diskSize } from '../screens/words.ts'

/** What a disk is known by in a plan; JSON values only. */
export interface DiskIdentity {
  readonly serial: string
  readonly wwn: string
  readonly sizeBytes: number
  readonly byPath: string
  readonly tableUuid: string
}

/** A disk that was looked for, or what went wrong and how to mend it. */
export type Found = { readonly ok: true; readonly disk: Disk } | { readonly ok: false; readonly problem: string }

/** The identity of a disk as it is now. */
export function identityOf(disk: Disk): DiskIdentity {
  const { serial, wwn, sizeBytes, byPath, tableUuid } = disk
  return { serial, wwn, sizeBytes, byPath, tableUuid }
}

/**
 * The text that answers name a disk by: its serial; where another of `all` has the same one, serial and place; without
 * a serial the place alone. Empty when nothing tells this disk from the others: then it cannot be chosen.
 */
export function diskId(disk: Disk, all: readonly Disk[]): string {
  return namesOf(disk).find(name => all.filter(other => namesOf(other).includes(name)).length === 1) ?? ''
}

/** All that a disk may be called in answers, the shortest first. */
function namesOf(disk: Disk): string[] {
  if (disk.serial === '') return disk.byPath === '' ? [] : [disk.byPath]
  return disk.byPath === '' ? [disk.serial] : [disk.serial, `${disk.serial}@${disk.byPath}`]
}

/** The one disk that `id` names. None, or more than one, is a problem: nothing else is ever taken in its place. */
export function findDisk(machine: { readonly disks: readonly Disk[] }, id: string): Found {
  const found = id === '' ? [] : machine.disks.filter(disk => namesOf(disk).includes(id))
  const [disk] = found
  if (disk !== undefined && found.length === 1) return { ok: true, disk }
  const ids = found.length > 0 ? found : machine.disks
  const known = ids.map(item => diskId(item, machine.disks)).filter(item => item !== '')
  const list = known.length > 0 ? known.join(', ') : 'none'
  if (id === '') return { ok: false, problem: `No disk was named. Name one of these: ${list}` }
  if (found.length === 0) {
    return { ok: false, problem: `No disk is called "${id}" here. Connect it, or name one of these: ${list}` }
  }
  return { ok: false, problem: `${found.length} disks are called "${id}". Name one of them by its place too: ${list}` }
}

/** Whether a disk is still the one of the plan, and in words what differs. */
export type Sameness = { readonly same: true } | { readonly same: false; readonly differs: readonly string[] }

/**
 * Compares a disk right before it is written with what was agreed to. `ownTable` is the partition table that the plan
 * itself writes: after that, the disk may have it in place of the old one.
 */
export function sameDisk(planned: DiskIdentity, now: Disk, ownTable = ''): Sameness {
  const anonymous = planned.serial === '' && planned.wwn === ''
  const table = now.tableUuid !== '' && now.tableUuid === ownTable.toLowerCase() ? planned.tableUuid : now.tableUuid
  const differs = [
    ...difference('serial number', planned.serial, now.serial),
    ...difference('World Wide Name', planned.wwn, now.wwn),
    ...difference('size', planned.sizeBytes, now.sizeBytes),
    ...difference('partition table', planned.tableUuid, table),
    // Only a disk that has no name of its own is known by its place; others may be plugged in elsewhere.
    ...(anonymous ? difference('place', planned.byPath, now.byPath) : []),
    ...(anonymous && planned.byPath === '' ? ['it has neither a serial number nor a known place'] : []),
  ]
  return differs.length === 0 ? { same: true } : { same: false, differs }
}

function difference(what: string, planned: string | number, now: string | number): string[] {
  if (planned === now) return []
  const show = (value: string | number) => {
    if (typeof value === 'number') return `${diskSize(value)} (${value} bytes)`
    return value === '' ? 'none' : value
  }
  return [`its ${what} was ${show(planned)} and is ${show(now)} now`]
}
