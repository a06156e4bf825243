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
  if (disk === undefined) return { note: 'The stick is no longer in the machine.' }
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
