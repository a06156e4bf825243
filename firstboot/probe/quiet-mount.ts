/** How a file system is mounted: its driver, and the options. */
export interface MountWay {
  readonly type: string
  readonly options: string
}

// ext4(5), xfs(5) and btrfs(5) replay their journals even when they are mounted read-only, unless they are told not to.
const ways: Readonly<Record<string, MountWay>> = {
  ext2: { type: 'ext4', options: 'noload' },
  ext3: { type: 'ext4', options: 'noload' },
  ext4: { type: 'ext4', options: 'noload' },
  xfs: { type: 'xfs', options: 'norecovery,nouuid' },
  btrfs: { type: 'btrfs', options: 'rescue=nologreplay' },
  ntfs: { type: 'ntfs3', options: '' },
  exfat: { type: 'exfat', options: '' },
  vfat: { type: 'vfat', options: '' },
}

/** How a type of file system, as blkid calls it, is mounted so that a look leaves no trace; null when that is not known. */
export function quietWay(type: string): MountWay | null {
  const way = ways[type]
  if (way === undefined) return null
  return { type: way.type, options: ['ro', 'nosuid', 'nodev', 'noexec', way.options].filter(Boolean).join() }
}
