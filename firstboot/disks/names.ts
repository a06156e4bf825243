// Names that a person may know better than the type that blkid gives.
const names: Readonly<Record<string, string>> = {
  crypto_LUKS: 'encrypted (LUKS)',
  BitLocker: 'encrypted (BitLocker)',
  LVM2_member: 'LVM volume',
  linux_raid_member: 'RAID member',
  zfs_member: 'ZFS member',
  bcache: 'cached disk (bcache)',
  vfat: 'FAT',
  ntfs: 'NTFS',
  exfat: 'exFAT',
  apfs: 'APFS',
  hfsplus: 'HFS+',
  iso9660: 'ISO image',
}

/** The name of a file system or signature for people, from the type that blkid gives. */
export const fileSystemName = (type: string): string => names[type] ?? type

/** Type of the partition that firmware starts from (UEFI specification, GUID of the EFI system partition). */
export const efiSystemType = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b'
