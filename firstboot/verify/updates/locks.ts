import type { Scene } from '../check.ts'

/**
 * Whether somebody holds one of the files that `stat --format='%d %i %n'` tells of, by the text of `/proc/locks`; see
 * proc_locks(5). Pure.
 */
export function isLocked(locks: string | null, stat: string): boolean {
  const files = new Set(
    stat.split('\n').flatMap(row => {
      const [, device, inode] = /^(\d+) (\d+) \//.exec(row) ?? []
      return device === undefined ? [] : [`${numbersOf(Number(device))}:${inode}`]
    }),
  )
  const held = (locks ?? '').matchAll(/^\d+: (?:POSIX|OFDLCK)\s+ADVISORY\s+WRITE\s+\S+\s+([0-9a-f]+:[0-9a-f]+:\d+)\s/gm)
  return [...held].some(([, file = '']) => files.has(file))
}

/** A device as /proc/locks writes it; see makedev(3). */
function numbersOf(device: number): string {
  const hex = (number: number) => number.toString(16).padStart(2, '0')
  return `${hex((device >> 8) & 0xfff)}:${hex((device & 0xff) | ((device >> 12) & 0xfff00))}`
}

/** Whether somebody holds one of these files, as apt and dpkg do while they work. Touches none of them. */
export async function isHeld(paths: readonly string[], { attempt, root }: Scene): Promise<boolean> {
  const { stdout } = await attempt(['stat', '--format=%d %i %n', ...paths], { quiet: true })
  return isLocked(root.text('/proc/locks'), stdout)
}
