import { disksFrom } from '../probe/disks.ts'
import { type BlockDevice, withChildren } from '../probe/lsblk.ts'

/** The partition of the stick that every computer can read, or why there is none. */
export type Found = { readonly path: string; readonly fileSystem: string } | { readonly note: string }

// The name that the image's builder gives to the partition, and the label of its file system; FAT labels are in
// capitals, and a tool that formats it anew may keep only one of them.
const name = 'config'
const fileSystems: readonly (string | null | undefined)[] = ['vfat', 'exfat']

/**
 * Finds the partition CONFIG among block devices. Only the disk that the system was started from counts: another stick
 * with the same label must not be able to bring answers along. `rootPartuuid` is as in `BootIdentity`.
 */
export function findConfig(devices: readonly BlockDevice[], rootPartuuid: string | null): Found {
  const boot = disksFrom(devices, { rootPartuuid }).find(disk => disk.bootMedium)
  const disk = devices.find(device => device.name === boot?.name)
  return disk === undefined ? { note: 'The stick is no longer in the machine.' } : configOf(disk)
}

/**
 * Finds it on a stick that is in the machine although the system was not started from it. Only for telling something: what
 * lies on such a stick is not believed.
 */
export function findReturnedStick(devices: readonly BlockDevice[]): Found {
  const found = devices.filter(({ type, tran }) => type === 'disk' && tran === 'usb').map(configOf)
  return found.find(each => 'path' in each) ?? { note: 'The stick is not in the machine.' }
}

function configOf(disk: BlockDevice): Found {
  const partitions = withChildren(disk).filter(device => device.type === 'part')
  const named =
    partitions.find(part => part.partlabel?.toLowerCase() === name) ??
    partitions.find(part => part.label?.toLowerCase() === name && fileSystems.includes(part.fstype))
  if (named === undefined)
    return { note: 'There is no part named CONFIG on the disk that this system was started from.' }
  const { fstype } = named
  if (!fstype || !fileSystems.includes(fstype)) {
    return {
      note: `The part CONFIG of the stick ${fstype ? `holds ${fstype}` : 'holds nothing that can be read'}. Format it as FAT32 with the name CONFIG, or flash the stick again.`,
    }
  }
  return { path: named.path ?? `/dev/${named.name}`, fileSystem: fstype }
}
