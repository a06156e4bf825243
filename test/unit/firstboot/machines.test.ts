import { describe, expect, test } from 'vitest'
import { Machine } from '../../../firstboot/machine.ts'
import { probeMachine } from '../../../firstboot/probe/machine.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { layOut, machineNames } from './recorded.ts'

const probe = (name: string) => probeMachine(openRoot(layOut(name)))

describe('a recorded machine', () => {
  test.each(machineNames)('%s gives facts that the schema accepts', async name => {
    const machine = await probe(name)
    expect(Machine.parse(machine)).toEqual(machine)
    for (const card of machine.graphics) expect((card.renderNode === null) !== (card.reason === null)).toBe(true)
  })

  const uncertain = ['nothing-there', 'flashed-twice']
  test.each(machineNames.filter(name => !uncertain.includes(name)))('%s knows its one boot medium', async name => {
    const { disks } = await probe(name)
    expect(disks.filter(disk => disk.bootMedium)).toHaveLength(1)
  })

  test('a new PC is described in full', async () => {
    const machine = await probe('n100-films')
    expect(machine).toMatchObject({
      firmware: 'UEFI',
      secureBoot: 'on',
      cpu: { model: 'Intel N100', cores: 4 },
      memoryBytes: 16134512 * 1024,
      graphics: [
        { pciId: '8086:46d1', vendor: 'Intel', driver: 'i915', renderNode: '/dev/dri/renderD128', reason: null },
      ],
      intelGraphicsReason: null,
      network: [{ name: 'enp1s0', up: true, addresses: ['192.168.1.57'] }],
      problems: [],
    })
    expect(machine.disks.map(disk => [disk.name, disk.kind, disk.bootMedium, disk.contents.join()])).toEqual([
      ['sda', 'HDD', false, 'ext4 "media"'],
      ['sdb', 'USB', true, 'BIOS boot,EFI system,FAT "CONFIG",squashfs "root"'],
      ['nvme0n1', 'SSD', false, 'empty'],
    ])
  })

  test('an eMMC and an SD card are told apart, and boot areas are not disks', async () => {
    const { disks, intelGraphicsReason } = await probe('emmc-box')
    expect(disks.map(disk => [disk.name, disk.kind])).toEqual([
      ['mmcblk0', 'eMMC'],
      ['mmcblk1', 'SD'],
    ])
    expect(intelGraphicsReason).toContain('firmware files for i915 may be missing')
  })

  test('threads are not counted as cores, and what lies in an encrypted partition is named', async () => {
    const { cpu, disks } = await probe('many-disks')
    expect(cpu).toEqual({ model: 'Intel Core i5-10400', cores: 6 })
    expect(disks.find(disk => disk.name === 'nvme0n1')?.contents).toEqual([
      'EFI system',
      'encrypted (LUKS)',
      'btrfs "home"',
    ])
  })

  test('live and installed systems are told apart by the kernel command line', async () => {
    expect((await probe('n100-films')).role).toBe('live')
    expect((await probe('installed')).role).toBe('installed')
  })

  test('every fact of a film disk is there after the first look, but what only a slow look tells', async () => {
    const { disks } = await probe('n100-films')
    expect(disks.find(disk => disk.name === 'sda')).toMatchObject({
      wwn: expect.stringMatching(/^0x5000c500/),
      sectorBytes: 512,
      readOnly: false,
      removable: false,
      byPath: 'pci-0000:00:17.0-ata-1',
      tableUuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      health: { state: 'unknown', hours: null },
      fileSystems: [{ path: '/dev/sda1', type: 'ext4', label: 'media', usedBytes: null, folders: [], mountpoints: [] }],
      members: [],
      usedAs: [],
      partitions: [{ number: 1, path: '/dev/sda1', startBytes: 2 ** 20 }],
      installation: null,
    })
  })

  test('a disk of 4096-byte sectors, a set-up on a disk, and what is in use', async () => {
    const nvme = async (name: string) => (await probe(name)).disks.find(disk => disk.name === 'nvme0n1')
    expect((await nvme('nvme-4kn'))?.sectorBytes).toBe(4096)
    expect((await nvme('half-installed'))?.installation).toMatchObject({
      partlabel: 'ms-state',
      path: '/dev/nvme0n1p5',
    })
    expect((await nvme('mounted-disk'))?.usedAs).toEqual(['[SWAP]'])
    expect((await nvme('installed'))?.usedAs).toEqual(['/boot/efi', '/', '/home', '/var/lib/docker'])
  })

  test('a tool that answers nonsense is a problem in plain words, not an end', async () => {
    const machine = await probe('nothing-there')
    expect(machine.problems).toEqual([
      { about: 'disks', words: 'the disks could not be read: the answer made no sense' },
    ])
    expect(machine.disks).toEqual([])
    expect(machine.intelGraphicsReason).toBe('no driver is bound to it')
  })

  test('facts arrive group by group, the quick ones first', async () => {
    const parts: string[] = []
    await probeMachine(openRoot(layOut('n100-films')), part => parts.push(Object.keys(part).join()))
    expect(parts[0]).toContain('cpu')
    expect(parts).toContain('disks,problems')
  })
})
