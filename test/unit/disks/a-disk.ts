import type { Disk, FileSystem } from '../../../firstboot/machine.ts'

/** An empty SSD of 1 TB, but for what is given. */
export const aDisk = (more: Partial<Disk> = {}): Disk => ({
  name: 'sda',
  path: '/dev/sda',
  model: 'An SSD',
  serial: 'S1',
  sizeBytes: 1e12,
  kind: 'SSD',
  rotational: false,
  transport: 'sata',
  contents: ['empty'],
  bootMedium: false,
  wwn: '',
  sectorBytes: 512,
  readOnly: false,
  removable: false,
  byPath: 'pci-0000:00:17.0-ata-1',
  tableUuid: '',
  health: { state: 'good', hours: 1, words: 'health good, 1 hour on' },
  fileSystems: [],
  members: [],
  remnants: [],
  usedAs: [],
  freeBytes: 1e12,
  partitions: [],
  installation: null,
  ...more,
})

/** An ext4 of 1 TB on the whole disk, but for what is given. */
export const aFileSystem = (more: Partial<FileSystem> = {}): FileSystem => ({
  path: '/dev/sda',
  uuid: 'u1',
  type: 'ext4',
  label: '',
  sizeBytes: 1e12,
  usedBytes: null,
  folders: [],
  lastMounted: null,
  mountpoints: [],
  ...more,
})
