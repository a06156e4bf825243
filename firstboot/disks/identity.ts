import type { Disk } from '../machine.ts'
import { diskSize } from '../screens/words.ts'

/** What a disk is known by in a plan; JSON values only. */
export interface DiskIdentity {
  readonly serial: string
  readonly wwn: string
  readonly sizeBytes: number
  readonly byPath: string
  readonly tableUuid: string
  /** It was named by its place, because its serial number tells too little: another disk may have the same one. */
  readonly placed: boolean
  /** What lies on it, as in `ext4 UUID`; null where nothing is erased, and the plan itself adds to it. */
  readonly holds: readonly string[] | null
}

/** A disk that was looked for, or what went wrong and how to mend it. */
export type Found = { readonly ok: true; readonly disk: Disk } | { readonly ok: false; readonly problem: string }

/** The identity of a disk as it is now; `id` is the text that answers name it by. */
export function identityOf(disk: Disk, id: string): DiskIdentity {
  const { serial, wwn, sizeBytes, byPath, tableUuid } = disk
  return { serial, wwn, sizeBytes, byPath, tableUuid, placed: id !== serial, holds: holdingsOf(disk) }
}

// What other devices are made of this disk is not asked: they may come and go while nobody touches it.
function holdingsOf({ path, partitions, fileSystems, members }: Disk): string[] {
  const own = [path, ...partitions.map(partition => partition.path)]
  const found = fileSystems.filter(fs => own.includes(fs.path)).map(fs => `${fs.type} ${fs.uuid}`.trim())
  return [...members, ...found].sort()
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
 * itself writes: a disk that has it was erased by this very plan, and may hold other things, at another place.
 */
export function sameDisk(planned: DiskIdentity, now: Disk, ownTable = ''): Sameness {
  const anonymous = planned.serial === '' && planned.wwn === ''
  const differs = [
    ...difference('serial number', planned.serial, now.serial),
    ...difference('World Wide Name', planned.wwn, now.wwn),
    ...difference('size', planned.sizeBytes, now.sizeBytes),
    ...(isOurs(now, ownTable) ? [] : traces(anonymous ? { ...planned, placed: true } : planned, now)),
    ...(anonymous && planned.byPath === '' ? ['it has neither a serial number nor a known place'] : []),
  ]
  return differs.length === 0 ? { same: true } : { same: false, differs }
}

const isOurs = ({ tableUuid }: Disk, ownTable: string): boolean =>
  tableUuid !== '' && tableUuid === ownTable.toLowerCase()

// What tells a disk that nobody has touched yet from another one that says the same of itself.
function traces({ tableUuid, placed, byPath, holds }: DiskIdentity, now: Disk): string[] {
  const words = (list: readonly string[]) => list.join(', ') || 'nothing'
  const [before, after] = [words(holds ?? []), words(holds === null ? [] : holdingsOf(now))]
  return [
    ...difference('partition table', tableUuid, now.tableUuid),
    // Others are known by their serial number, wherever they are plugged in.
    ...(placed ? difference('place', byPath, now.byPath) : []),
    ...(before === after ? [] : [`it held ${before} and holds ${after} now`]),
  ]
}

function difference(what: string, planned: string | number, now: string | number): string[] {
  if (planned === now) return []
  const show = (value: string | number) => {
    if (typeof value === 'number') return `${diskSize(value)} (${value} bytes)`
    return value === '' ? 'none' : value
  }
  return [`its ${what} was ${show(planned)} and is ${show(now)} now`]
}
