import type { Disk, FileSystem, Machine, Partition } from '../machine.ts'
import { diskSize } from '../screens/words.ts'
import { diskId } from './identity.ts'
import { efiSystemType } from './names.ts'
import { fileSystemTitle, isEncrypted, remnantWords } from './words.ts'

/** The parts of a machine that decide what a disk may be used for. */
export type Surroundings = Pick<Machine, 'disks' | 'firmware' | 'role'>

/** A use of a disk that is not possible. */
export interface Refusal {
  readonly ok: false
  readonly reason: string
}

/** A refusal with its reason. */
export const refuse = (reason: string): Refusal => ({ ok: false, reason })

/** The first reason that is not null, as a refusal. */
export function firstRefusal(...reasons: readonly (string | null)[]): Refusal | null {
  const reason = reasons.find(item => item !== null)
  return reason === undefined ? null : refuse(reason)
}

/** Why a disk cannot be named in answers. */
export function namelessReason(disk: Disk, machine: Surroundings): string | null {
  if (diskId(disk, machine.disks) !== '') return null
  return 'nothing tells this disk from another one: it has no serial number of its own and no known place'
}

/** Why nothing can be written to a disk at all. */
export function unwritableReason(disk: Disk): string | null {
  if (disk.kind === 'optical') return 'it is a disc, and cannot be written'
  return disk.readOnly ? 'it is write-protected: look for a switch on it or on its adapter' : null
}

/** Why a disk cannot be erased right now. */
export function inUseReason(disk: Disk): string | null {
  if (disk.usedAs.length === 0) return null
  const uses = disk.usedAs.map(use => (use === '[SWAP]' ? 'swap' : use))
  return `it is in use as ${uses.join(', ')}: release it in a shell, or start this machine again`
}

/** Whether a disk says of itself that it is about to fail. Only a person may choose it then, who was warned. */
export const isFailing = ({ health }: Pick<Disk, 'health'>): boolean => health.state === 'failing'

/** Cautions for every use of a disk. */
export function commonWarnings(disk: Disk, machine: Surroundings): string[] {
  const twins = machine.disks.filter(other => other.serial === disk.serial).length
  const place = disk.byPath === '' ? 'an unknown place' : disk.byPath
  return [
    ...(isFailing(disk)
      ? ['it says that it is about to fail: everything on it can be gone at any time, take another one']
      : []),
    ...(disk.kind === 'USB' ? ['connected by USB: it must stay plugged in'] : []),
    ...(disk.kind === 'SD' ? ['an SD card: slow, and it wears out'] : []),
    ...(disk.serial === '' ? [`no serial number: it is known by its place only (${place}), so do not move it`] : []),
    ...(disk.serial !== '' && twins > 1 ? [`another disk has the same serial number: this one is at ${place}`] : []),
  ]
}

/** What is lost when a disk is erased. */
export function eraseWarnings(disk: Disk): string[] {
  const boot = disk.partitions
    .filter(partition => partition.parttype === efiSystemType)
    .map(partition => partition.path)
  const files = disk.fileSystems.filter(fs => !boot.includes(fs.path))
  const what = (fs: FileSystem) =>
    fs.usedBytes === null ? fileSystemTitle(fs) : `${fileSystemTitle(fs)}, ${diskSize(fs.usedBytes)} used`
  return [
    ...disk.members.map(member =>
      isEncrypted(member)
        ? `it is ${member}: what is inside will be gone`
        : `${member}: what it is a part of will be damaged or lost as well`,
    ),
    ...(disk.installation === null ? [] : ['a media server was set up on it, or half set up: that will be gone']),
    ...(disk.remnants.length === 0 ? [] : [`what is on it will be gone: ${remnantWords(disk.remnants)}`]),
    ...(files.length === 0 ? [] : [`all files on it will be gone: ${files.map(what).join('; ')}`]),
  ]
}

/** What an earlier set-up has left on the disk that this system was started from, for the moment before it goes. */
export const earlierWords = 'the media server that was set up on it, with all its files and any films on this disk'

/** What is lost when a set-up puts its own partitions in the place of earlier ones; nothing where there are none. */
export const replaceWarnings = (earlier: readonly Partition[]): string[] =>
  earlier.length === 0
    ? []
    : ['a media server was set up on it, or half set up: all its files and any films on this disk will be gone']
