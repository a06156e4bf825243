import type { Disk, FileSystem, Health } from '../machine.ts'
import { diskSize } from '../screens/words.ts'
import { efiSystemType, fileSystemName } from './names.ts'

/** A disk's health as one sentence; `notes` say what is not well, or why nothing is known. */
export function healthWords(state: Health['state'], hours: number | null, notes: string | readonly string[]): string {
  const said = [notes].flat().filter(note => note !== '')
  const on = hours === null ? [] : [`${hours.toLocaleString('en-US')} ${hours === 1 ? 'hour' : 'hours'} on`]
  if (state === 'failing') return ['health bad: this disk is about to fail', ...on, ...said].join(', ')
  if (state === 'good') return ['health good', ...on, ...said].join(', ')
  return [said.length > 0 ? `health unknown: ${said.join(', ')}` : 'health unknown', ...on].join(', ')
}

/** A file system in one line, as in `ext4 "media", 3.1 TB used, folders movies, tv`. */
export function fileSystemWords(fs: FileSystem): string {
  return [
    fileSystemTitle(fs),
    ...(fs.usedBytes === null ? [] : [`${diskSize(fs.usedBytes)} used`]),
    ...(fs.folders.length > 0 ? [`${fs.folders.length === 1 ? 'folder' : 'folders'} ${fs.folders.join(', ')}`] : []),
  ].join(', ')
}

/** Type and label of a file system, as in `ext4 "media"`. */
export const fileSystemTitle = (fs: Pick<FileSystem, 'type' | 'label'>): string =>
  fs.label === '' ? fileSystemName(fs.type) : `${fileSystemName(fs.type)} "${fs.label}"`

/** When and where a file system was used last, as in `last mounted 2026-10-02 on /data`; null when nobody knows. */
export const lastMountedWords = (fs: FileSystem): string | null =>
  fs.lastMounted === null ? null : `last mounted ${fs.lastMounted}`

/** One of a disk's `members` in a line, as in `RAID member: a part of something larger`. */
export const memberWords = (member: string): string =>
  isEncrypted(member) ? member : `${member}: a part of something larger`

/** Signatures that contradict each other, in a line. */
export const remnantWords = (remnants: readonly string[]): string =>
  remnants.length === 1 ? `perhaps ${remnants.join()}` : `perhaps ${remnants.join(', perhaps ')}: nobody can tell which`

/** Whether one of a disk's `contents` says that nothing is there. */
export const isNothing = (line: string): boolean => /^empty\b|with nothing known on it$/.test(line)

/** Whether what a disk is "a part of" is only a lock around its own contents. */
export const isEncrypted = (member: string): boolean => member.startsWith('encrypted')

/** Everything that a disk holds, line by line, in more words than its `contents`. Never empty. */
export function holdingWords(disk: Disk): string[] {
  const types = new Map(disk.partitions.map(partition => [partition.path, partition.parttype]))
  const lines = disk.fileSystems.flatMap(fs => {
    if (types.get(fs.path) === efiSystemType) return ['EFI system']
    const last = lastMountedWords(fs)
    return [fileSystemWords(fs), ...(last === null ? [] : [last])]
  })
  const all = [...disk.members.map(memberWords), ...lines]
  return all.length > 0 ? all : [...disk.contents]
}
