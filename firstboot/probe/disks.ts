import type { Disk, DiskKind } from '../machine.ts'
import type { Places } from './by-path.ts'
import { describeContents } from './contents.ts'
import { type BlockDevice, isSet, mountpointsOf, withChildren } from './lsblk.ts'
import { freeBytesOf, installationOf, partitionsOf } from './partitions.ts'
import { fileSystemsOf, membersOf } from './signatures.ts'

/** What is asked about the boot: the root partition's PARTUUID (lower case), or null. */
export interface BootIdentity {
  readonly rootPartuuid: string | null
}

/** What the kernel and udev know of disks beside the answer of lsblk. */
export interface BesideLsblk {
  readonly mmcTypes?: MmcTypes
  readonly places?: Places
}

/**
 * The disks among block devices; nothing is read from the disks themselves. The boot medium is known by identity: it holds the partition whose PARTUUID the kernel
 * was given as root. Only without such an identity the disk that is mounted at `/` is taken.
 */
export function disksFrom(devices: readonly BlockDevice[], boot: BootIdentity, beside: BesideLsblk = {}): Disk[] {
  return devices.filter(isDisk).map(device => {
    return {
      name: device.name,
      path: device.path ?? `/dev/${device.name}`,
      model: (device.model ?? '').trim(),
      serial: (device.serial ?? '').trim(),
      sizeBytes: Number(device.size ?? 0),
      kind: kindOf(device, beside.mmcTypes ?? {}),
      rotational: isSet(device.rota),
      transport: device.tran ?? '',
      contents: describeContents(device),
      bootMedium: holdsRoot(device, boot),
      wwn: (device.wwn ?? '').trim(),
      sectorBytes: Number(device['log-sec'] ?? 512),
      readOnly: isSet(device.ro),
      removable: isSet(device.rm),
      byPath: beside.places?.[device.name] ?? '',
      tableUuid: (device.ptuuid ?? '').toLowerCase(),
      health: { state: 'unknown', hours: null, words: 'health not read yet' },
      fileSystems: fileSystemsOf(device),
      members: membersOf(device),
      remnants: [],
      usedAs: [...new Set(withChildren(device).flatMap(mountpointsOf))],
      freeBytes: freeBytesOf(device),
      partitions: partitionsOf(device),
      installation: installationOf(device),
    }
  })
}

/** `SD` or `MMC` for every mmcblk device, from `/sys/block/NAME/device/type`. */
export type MmcTypes = Readonly<Record<string, string>>

/** Memory, loop and boot-area devices are not disks; a drive without a disc in it has nothing to show. */
function isDisk(device: BlockDevice): boolean {
  if (device.type === 'rom') return Boolean(device.fstype)
  if (device.type !== 'disk' || Number(device.size ?? 0) === 0) return false
  return !/^(loop|ram|zram|fd|nbd)\d|^mmcblk\d+(boot\d+|rpmb)$/.test(device.name)
}

function kindOf(device: BlockDevice, mmcTypes: MmcTypes): DiskKind {
  if (device.type === 'rom') return 'optical'
  if (device.tran === 'usb') return 'USB'
  if (device.name.startsWith('mmcblk')) return mmcTypes[device.name] === 'SD' ? 'SD' : 'eMMC'
  if (device.tran === 'virtio' || /^(vd|xvd)[a-z]/.test(device.name)) return 'virtual'
  return isSet(device.rota) ? 'HDD' : 'SSD'
}

function holdsRoot(device: BlockDevice, boot: BootIdentity): boolean {
  const parts = withChildren(device)
  if (boot.rootPartuuid !== null) return parts.some(part => part.partuuid?.toLowerCase() === boot.rootPartuuid)
  return parts.some(part => (part.mountpoints ?? []).includes('/'))
}
