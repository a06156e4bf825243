import type { Accel, DiskOptions, MachineOptions } from './options.ts'
import type { FirmwareFiles } from './firmware.ts'

/** A disk with the file that backs it. */
export interface PlacedDisk extends DiskOptions {
  readonly path: string
}

/** Everything QEMU is told that is not the user's choice: the files and sockets of this one run. */
export interface Placement {
  readonly accel: Accel
  readonly firmware: FirmwareFiles
  readonly qmpSocket: string
  readonly consoleSocket: string
  readonly disks: readonly PlacedDisk[]
}

// A comma separates QEMU's options, so a comma inside a path is written twice.
const escape = (value: string) => value.replaceAll(',', ',,')

/** How the guest's instructions are run, and the processor it sees; the trial of KVM uses the same words. */
export function accelArguments(accel: Accel): string[] {
  if (accel === 'kvm') return ['-accel', 'kvm', '-cpu', 'max,pcid=off']
  // Page tables of five levels cost translation time and help nobody here. With erms, kernel and C library copy and
  // clear memory by "rep movsb", which is translated to one access for each byte.
  return ['-accel', 'tcg,thread=multi', '-cpu', 'max,la57=off,erms=off']
}

/**
 * Translated code is kept by its virtual address: with address randomization, each start of a program is translated
 * anew, and memory that once held code is written to very slowly. See systemd.system-credentials(7), sysctl.extra.
 */
const SAME_ADDRESSES = { 'sysctl.extra': 'kernel.randomize_va_space=0\n' }

function firmwareArguments(files: FirmwareFiles): string[] {
  if (files.kind === 'bios') return []
  return [
    ...(files.enforced ? ['-global', 'driver=cfi.pflash01,property=secure,value=on'] : []),
    // Suspend to RAM would need a second copy of the firmware's lock; OVMF refuses to start without this under SMM.
    ...(files.enforced ? ['-global', 'ICH9-LPC.disable_s3=1'] : []),
    '-drive',
    `if=pflash,unit=0,format=raw,readonly=on,file=${escape(files.code)}`,
    '-drive',
    `if=pflash,unit=1,format=raw,file=${escape(files.variables)}`,
  ]
}

function stickArguments(options: MachineOptions): string[] {
  if (options.image === undefined) return []
  const file =
    options.stickOverlay === undefined
      ? `format=raw,snapshot=${options.keepStick === true ? 'off' : 'on'},file=${escape(options.image)}`
      : `format=qcow2,file=${escape(options.stickOverlay)}`
  return [
    '-drive',
    `if=none,id=stick,cache=unsafe,${file}`,
    '-device',
    'usb-storage,bus=xhci.0,drive=stick,removable=on,serial=STICK0001,bootindex=0',
  ]
}

function diskArguments(disk: PlacedDisk, index: number): string[] {
  const id = `disk${index}`
  // 32 MiB hold the tables of 256 GiB, so none is written early for want of room; nor after a while, as by default.
  const format =
    disk.losesUnflushed === true
      ? 'format=qcow2,cache=writeback,l2-cache-size=32M,cache-clean-interval=0'
      : 'format=raw,cache=unsafe'
  const drive = `if=none,id=${id},${format},discard=unmap,file=${escape(disk.path)}`
  const common = `drive=${id},serial=${escape(disk.serial)},bootindex=${index + 1}`
  const device =
    disk.kind === 'nvme'
      ? `nvme,${common}`
      : `ide-hd,bus=ide.${index},${common},rotation_rate=${disk.kind === 'ssd' ? 1 : 7200}`
  return ['-drive', drive, '-device', device]
}

function networkArguments(options: MachineOptions): string[] {
  const network = options.network ?? 'restricted'
  if (network === 'none') return ['-nic', 'none']
  if (typeof network === 'object')
    return [
      '-netdev',
      `tap,id=net0,ifname=${escape(network.device)},script=no,downscript=no`,
      '-device',
      `virtio-net-pci,netdev=net0,mac=${network.mac},romfile=`,
    ]
  const doors = (options.doors ?? []).map(({ host, guest }) => `,hostfwd=tcp:127.0.0.1:${host}-:${guest}`)
  return [
    '-netdev',
    `user,id=net0,restrict=${network === 'restricted' ? 'on' : 'off'}${doors.join('')}`,
    '-device',
    'virtio-net-pci,netdev=net0,romfile=',
  ]
}

function credentialArguments(credentials: Readonly<Record<string, string>>): string[] {
  return Object.entries(credentials).flatMap(([name, value]) => {
    const encoded = Buffer.from(value).toString('base64')
    return ['-smbios', `type=11,value=io.systemd.credential.binary:${escape(name)}=${encoded}`]
  })
}

/** The argument vector of QEMU for one machine. Pure: the same options always give the same words. */
export function qemuArguments(options: MachineOptions, place: Placement): string[] {
  const smm = place.firmware.kind === 'uefi' && place.firmware.enforced ? ',smm=on' : ''
  return [
    '-nodefaults',
    '-no-user-config',
    '-M',
    `q35${smm}`,
    ...accelArguments(place.accel),
    '-m',
    String(options.memoryMiB ?? 2048),
    '-smp',
    String(options.cpus ?? 2),
    '-display',
    'none',
    '-device',
    'VGA',
    '-S',
    '-qmp',
    `unix:${escape(place.qmpSocket)},server=on,wait=off`,
    ...(options.onReboot === 'stop' ? ['-no-reboot'] : []),
    '-serial',
    options.serialLog === undefined ? 'none' : `file:${escape(options.serialLog)}`,
    '-device',
    'virtio-serial-pci',
    '-chardev',
    `socket,id=hvc0,path=${escape(place.consoleSocket)},server=on,wait=off`,
    '-device',
    'virtconsole,chardev=hvc0',
    '-object',
    'rng-random,id=rng0,filename=/dev/urandom',
    '-device',
    'virtio-rng-pci,rng=rng0',
    ...firmwareArguments(place.firmware),
    '-device',
    'qemu-xhci,id=xhci',
    '-device',
    'usb-kbd,bus=xhci.0',
    ...stickArguments(options),
    ...place.disks.flatMap((disk, index) => diskArguments(disk, index)),
    ...networkArguments(options),
    ...credentialArguments({ ...(place.accel === 'tcg' ? SAME_ADDRESSES : {}), ...options.credentials }),
  ]
}
