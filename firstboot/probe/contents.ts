import { fileSystemName } from '../disks/names.ts'
import { type BlockDevice, withChildren } from './lsblk.ts'

// GPT partition type GUIDs: UEFI specification, and Microsoft's list of PARTITION_INFORMATION_GPT.
const types: Readonly<Record<string, string>> = {
  'c12a7328-f81f-11d2-ba4b-00a0c93ec93b': 'EFI system',
  '21686148-6449-6e6f-744e-656564454649': 'BIOS boot',
  'e3c9e316-0b5c-4db8-817d-f92df00215ae': 'Microsoft reserved',
}

/** What is on a disk, one entry for each file system or known partition; `empty` when there is nothing at all. */
export function describeContents(disk: BlockDevice): string[] {
  const found = withChildren(disk).flatMap(device => describeOne(device) ?? [])
  if (found.length > 0) return found
  const partitions = (disk.children ?? []).filter(child => child.type === 'part').length
  if (partitions > 0) return [`${partitions} ${partitions === 1 ? 'partition' : 'partitions'} with nothing known on it`]
  return [disk.pttype ? 'empty, with a partition table' : 'empty']
}

function describeOne(device: BlockDevice): string | null {
  const type = types[device.parttype?.toLowerCase() ?? '']
  if (type !== undefined) return type
  const mounted = (device.mountpoints ?? []).find(point => point?.startsWith('/'))
  if (!device.fstype) return mounted ? `in use as ${mounted}` : null
  const label = device.label || (device.type === 'part' ? device.partlabel : null)
  const name = fileSystemName(device.fstype)
  return label ? `${name} "${label}"` : name
}
