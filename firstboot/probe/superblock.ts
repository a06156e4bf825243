/** What the superblock of an ext2, ext3 or ext4 tells without a mount. */
export interface Superblock {
  readonly usedBytes: number | null
  /** As in `2026-10-02 on /data`; null when it was never mounted. */
  readonly lastMounted: string | null
}

/** How dumpe2fs is asked for the superblock alone; it opens the device for reading only. */
export const dumpe2fsArguments = (path: string): string[] => ['-h', path]

// The C library's ctime(3), which dumpe2fs prints.
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** The superblock from the text of `dumpe2fs -h` (e2fsprogs, in English); what it does not say is null. */
export function parseSuperblock(text: string): Superblock {
  const field = (name: string) => new RegExp(`^${name}:[ \\t]+(.+)$`, 'm').exec(text)?.[1]?.trim() ?? null
  const number = (name: string) => Number(field(name) ?? Number.NaN)
  const overhead = field('Overhead clusters') === null ? 0 : number('Overhead clusters')
  const used = (number('Block count') - overhead - number('Free blocks')) * number('Block size')
  return { usedBytes: Number.isFinite(used) && used >= 0 ? used : null, lastMounted: lastMounted(field) }
}

function lastMounted(field: (name: string) => string | null): string | null {
  const time = /^\w{3} (\w{3}) +(\d+) [\d:]+ (\d{4})$/.exec(field('Last mount time') ?? '')
  const month = months.findIndex(name => name === time?.[1]) + 1
  if (time === null || month === 0) return null
  const date = `${time[3]}-${String(month).padStart(2, '0')}-${(time[2] ?? '').padStart(2, '0')}`
  const folder = field('Last mounted on')
  return folder === null || !folder.startsWith('/') ? date : `${date} on ${folder}`
}
