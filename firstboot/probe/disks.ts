import type { Disk, DiskKind } from '../machine.ts'
import { describeContents } from './contents.ts'
import { type BlockDevice, withChildren } from './lsblk.ts'

/** What is asked about the boot: the root partition's PARTUUID (lower case), or null. */
export interface BootIdentity {
  readonly rootPartuuid: string | null
}

/**
 * The disks among block devices. The boot medium is known by identity: it holds the partition whose PARTUUID the kernel
 * was given as root. Only without such an identity the disk that is mounted at `/` is taken.
 */
export function disksFrom(devices: readonly BlockDevice[], boot: BootIdentity, mmcTypes: MmcTypes = {}): Disk[] {
  return devices.filter(isDisk).map(device => {
    const bootMedium = holdsRoot(device, boot)
    return {
      name: device.name,
      path: device.path ?? `/dev/${device.name}`,
      model: (device.model ?? '').trim(),
      serial: (device.serial ?? '').trim(),
      sizeBytes: Number(device.size ?? 0),
      kind: kindOf(device, mmcTypes),
      rotational: isSet(device.rota),
      transport: device.tran ?? '',
      contents: describeContents(device),
      bootMedium,
    }
  })
}

/** `SD` or `MMC` for every mmcblk device, from `/sys/block/NAME/device/type`. */
export type MmcTypes = Readonly<Record<string, string>>

const isSet = (value: BlockDevice['rota']) => value === true || value === '1'

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
