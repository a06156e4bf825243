import { fileSystemName } from '../disks/names.ts'
import type { FileSystem } from '../machine.ts'
import { type BlockDevice, mountpointsOf, withChildren } from './lsblk.ts'

// Types of libblkid's "raid" and "crypto" probers that do not end in `_member`.
const memberTypes: readonly string[] = ['crypto_LUKS', 'BitLocker', 'bcache']

// GPT types: Microsoft's PARTITION_INFORMATION_GPT (LDM data and metadata, Storage Spaces).
const memberPartitions: Readonly<Record<string, string>> = {
  'af9b60a0-1431-4f62-bc68-3311714a69ad': 'Windows dynamic disk',
  '5808c8aa-7e8f-42e0-85d2-e1e90434cfb3': 'Windows dynamic disk',
  'e75caf8f-f680-4cee-afa3-b001e56efc2d': 'Windows Storage Spaces',
}

const isMemberType = (type: string): boolean => type.endsWith('_member') || memberTypes.includes(type)

/** What a disk is a part of, in plain words, each said once; empty for a disk that stands alone. */
export function membersOf(disk: BlockDevice): string[] {
  const found = withChildren(disk).flatMap(device => {
    if (device.fstype && isMemberType(device.fstype)) return [memberName(device.fstype)]
    return memberPartitions[device.parttype?.toLowerCase() ?? ''] ?? []
  })
  return [...new Set(found)]
}

const memberName = (type: string): string => (type.endsWith('_raid_member') ? 'RAID member' : fileSystemName(type))

/** The file systems on a disk, on its partitions, and on what lies on them; swap and members of something are none. */
export function fileSystemsOf(disk: BlockDevice): FileSystem[] {
  return withChildren(disk).flatMap(device => {
    const type = device.fstype ?? ''
    if (type === '' || type === 'swap' || isMemberType(type)) return []
    return {
      path: device.path ?? `/dev/${device.name}`,
      uuid: device.uuid ?? '',
      type,
      label: device.label ?? '',
      sizeBytes: Number(device.size ?? 0),
      usedBytes: device.fsused === undefined || device.fsused === null ? null : Number(device.fsused),
      folders: [],
      lastMounted: null,
      mountpoints: mountpointsOf(device).filter(point => point.startsWith('/')),
    }
  })
}
