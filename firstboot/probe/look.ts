import { isSystemFolder } from '../disks/folders.ts'
import { quietWay } from './quiet-mount.ts'

/** What is seen inside a file system. */
export interface Look {
  readonly usedBytes: number | null
  readonly folders: readonly string[]
}

/** The most folders that are told; enough to recognise a disk by. */
const FOLDERS = 8

/** Seconds that a look at one file system may take; a disk that sleeps needs ten to wake up. */
const PATIENCE_S = 25

/** The same in milliseconds with some grace: the look ends itself before it is killed from outside. */
export const lookTimeoutMs = (PATIENCE_S + 5) * 1000

/** Whether there is a safe way to look into this type of file system. */
export const canLook = (type: string): boolean => quietWay(type) !== null

// Arguments: type, options, device, mount point. `-i` and `-n`: no helper programs, no notes below /run/mount.
const script = `mount -i -n -t "$1" -o "$2" "$3" "$4" || exit 1
stat -f -c '%S %b %f' "$4" && find "$4" -mindepth 1 -maxdepth 1 -type d -printf '%f\\0'
umount -n "$4"`

/**
 * The arguments of `unshare` that look into a file system. Everything happens in a mount namespace of its own that ends
 * with the look, however it ends; and on a read-only loop device, so that the kernel refuses each write whatever the
 * file system's driver would like to do. Throws when there is no safe way for the type.
 */
export function lookArguments(type: string, device: string, place: string): string[] {
  const way = quietWay(type)
  if (way === null) throw new Error(`no safe way to look into ${type}`)
  const options = `loop,${way.options}`
  const ending = ['timeout', '--kill-after=3', `${PATIENCE_S}`]
  const look = ['sh', '-c', script, 'look', way.type, options, device, place]
  return ['--mount', '--propagation', 'private', '--', ...ending, ...look]
}

/** The arguments of `find` that list the folders of something that is mounted anyway. */
export const listArguments = (mountpoint: string): string[] => [
  mountpoint,
  '-mindepth',
  '1',
  '-maxdepth',
  '1',
  '-type',
  'd',
  '-printf',
  '%f\\0',
]

/** What a look printed: block size, blocks and free blocks on one line, then the folders, each ended by a zero byte. */
export function parseLook(output: string): Look {
  const counts = /^(\d+) (\d+) (\d+)\n/.exec(output)
  if (counts === null) return { usedBytes: null, folders: [] }
  const [size, blocks, free] = counts.slice(1).map(Number) as [number, number, number]
  return { usedBytes: Math.max(0, blocks - free) * size, folders: parseFolders(output.slice(counts[0].length)) }
}

/** The first folders by name, without the ones that systems make for themselves. */
export const parseFolders = (output: string): string[] =>
  output
    .split('\0')
    .filter(name => name !== '' && !isSystemFolder(name))
    .sort((a, b) => a.localeCompare(b, 'en'))
    .slice(0, FOLDERS)
