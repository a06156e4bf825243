import { describe, expect, it } from 'vitest'
import { qemuArguments, type Placement } from '../../../builder/qemu/arguments.ts'

const place: Placement = {
  accel: 'tcg',
  firmware: { kind: 'uefi', enforced: false, code: '/fw/CODE.fd', variables: '/run/vars.fd' },
  qmpSocket: '/run/qmp',
  consoleSocket: '/run/hvc0',
  disks: [],
}

/** The values given to one option, in order. */
const valuesOf = (argv: readonly string[], option: string) =>
  argv.flatMap((word, index) => (word === option ? [argv[index + 1] ?? ''] : []))

describe('the words QEMU is started with', () => {
  it('attach the image as a removable USB stick that is never altered', () => {
    const argv = qemuArguments({ firmware: 'uefi', image: '/out/a.img' }, place)
    expect(valuesOf(argv, '-drive')).toContain('if=none,id=stick,cache=unsafe,format=raw,snapshot=on,file=/out/a.img')
    expect(valuesOf(argv, '-device').find(device => device.startsWith('usb-storage'))).toMatch(
      /removable=on.*bootindex=0/,
    )
  })

  it('give a disk that loses what was not flushed a format that keeps its tables in memory', () => {
    const disk = { kind: 'nvme', serial: 'A', path: '/x/a.qcow2', losesUnflushed: true } as const
    const drives = valuesOf(qemuArguments({ firmware: 'bios' }, { ...place, disks: [disk] }), '-drive')
    expect(drives.find(drive => drive.includes('a.qcow2'))).toMatch(/format=qcow2,cache=writeback,.*interval=0/)
  })

  it('keep programs at the same addresses only where code is translated', () => {
    const credentials = (accel: 'kvm' | 'tcg') =>
      valuesOf(qemuArguments({ firmware: 'uefi' }, { ...place, accel }), '-smbios').join(' ')
    const setting = Buffer.from('kernel.randomize_va_space=0\n').toString('base64')
    expect(credentials('tcg')).toContain(`io.systemd.credential.binary:sysctl.extra=${setting}`)
    expect(credentials('kvm')).not.toContain('sysctl.extra')
  })

  it('leave the stick out when there is no image', () => {
    expect(qemuArguments({ firmware: 'uefi' }, place).join(' ')).not.toContain('usb-storage')
  })

  it('keep a comma inside a path', () => {
    const argv = qemuArguments({ firmware: 'uefi', image: '/out/a,b.img' }, place)
    expect(argv.join(' ')).toContain('file=/out/a,,b.img')
  })

  it('enforce Secure Boot only with memory that the guest cannot reach', () => {
    const firmware = { kind: 'uefi', enforced: true, code: '/fw/CODE.fd', variables: '/run/vars.fd' } as const
    const argv = qemuArguments({ firmware: 'secure-boot' }, { ...place, firmware })
    expect(valuesOf(argv, '-M')).toEqual(['q35,smm=on'])
    expect(valuesOf(argv, '-global')).toContain('driver=cfi.pflash01,property=secure,value=on')
  })

  it('need no flash for BIOS', () => {
    expect(qemuArguments({ firmware: 'bios' }, { ...place, firmware: { kind: 'bios' } }).join(' ')).not.toContain(
      'pflash',
    )
  })

  it('make each disk what it says, with its own serial', () => {
    const disks = [
      { kind: 'nvme', serial: 'N1', path: '/d/0' },
      { kind: 'ssd', serial: 'S1', path: '/d/1' },
      { kind: 'hdd', serial: 'H1', path: '/d/2' },
    ] as const
    const devices = valuesOf(qemuArguments({ firmware: 'uefi' }, { ...place, disks }), '-device')
    expect(devices).toContain('nvme,drive=disk0,serial=N1,bootindex=1')
    expect(devices).toContain('ide-hd,bus=ide.1,drive=disk1,serial=S1,bootindex=2,rotation_rate=1')
    expect(devices).toContain('ide-hd,bus=ide.2,drive=disk2,serial=H1,bootindex=3,rotation_rate=7200')
  })

  it('lead nowhere unless a way out was asked for', () => {
    expect(valuesOf(qemuArguments({ firmware: 'uefi' }, place), '-netdev')).toEqual(['user,id=net0,restrict=on'])
    expect(valuesOf(qemuArguments({ firmware: 'uefi', network: 'user' }, place), '-netdev')).toEqual([
      'user,id=net0,restrict=off',
    ])
    expect(valuesOf(qemuArguments({ firmware: 'uefi', network: 'none' }, place), '-nic')).toEqual(['none'])
    const tap = { enter: ['nsenter'], device: 'tap0', mac: '52:54:00:6d:73:01' }
    const argv = qemuArguments({ firmware: 'uefi', network: tap, doors: [{ host: 1, guest: 22 }] }, place)
    expect(valuesOf(argv, '-netdev')).toEqual(['tap,id=net0,ifname=tap0,script=no,downscript=no'])
    expect(valuesOf(argv, '-device')).toContain('virtio-net-pci,netdev=net0,mac=52:54:00:6d:73:01,romfile=')
  })

  it('hand over credentials encoded, so that any text passes', () => {
    const argv = qemuArguments({ firmware: 'uefi', credentials: { 'test.answers': 'a,b=c' } }, place)
    expect(valuesOf(argv, '-smbios')).toContain('type=11,value=io.systemd.credential.binary:test.answers=YSxiPWM=')
  })
})
