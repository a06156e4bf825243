/** What the machine starts with: `secure-boot` is UEFI with the Microsoft keys enrolled and enforced. */
export type Firmware = 'uefi' | 'secure-boot' | 'bios'

/** How the guest's instructions are run: by the processor itself, or translated. */
export type Accel = 'kvm' | 'tcg'

/** The network: none; a router that answers DHCP and leads nowhere; a way out through the host; or a made-up internet. */
export type Network = 'none' | 'restricted' | 'user' | TapNetwork

/** A network card that is a tap device in a network namespace. */
export interface TapNetwork {
  /** What runs a program in that namespace: the beginning of an argument vector. */
  readonly enter: readonly string[]
  readonly device: string
  readonly mac: string
}

/** A disk inside the machine, seen by the guest as what it says. */
export interface DiskOptions {
  readonly kind: 'nvme' | 'ssd' | 'hdd'
  readonly serial: string
  /** Size of a fresh sparse disk in GiB (default 32); without meaning when `path` names a file that exists. */
  readonly sizeGiB?: number
  /** A raw file that outlives the machine; made sparse when absent. Without it the disk vanishes with the machine. */
  readonly path?: string
  /**
   * The disk has a cache that loses its power: the file is a qcow2, and QEMU writes down where new data lies only when the
   * guest flushes. When QEMU is killed, data that was never flushed is gone, but where it overwrote older data.
   */
  readonly losesUnflushed?: boolean
}

export interface MachineOptions {
  readonly firmware: Firmware
  /** The image on the USB stick; absent means that the stick is pulled out. It is never altered. */
  readonly image?: string
  /** The image is the test's own copy, and keeps what the guest writes to the stick. */
  readonly keepStick?: boolean
  /** A qcow2 file that keeps what the guest writes to the stick between two machines; otherwise that is forgotten. */
  readonly stickOverlay?: string
  readonly disks?: readonly DiskOptions[]
  /** UEFI variables that outlive the machine; absent means fresh ones, as on a machine from the shop. */
  readonly variables?: string
  readonly memoryMiB?: number
  readonly cpus?: number
  readonly network?: Network
  /** Doors into the machine: a port of this computer's loopback for a port of the guest. Open on restricted networks too, never on a tap. */
  readonly doors?: readonly { readonly host: number; readonly guest: number }[]
  /** systemd credentials, handed over by SMBIOS: test-only settings that need no special image. */
  readonly credentials?: Readonly<Record<string, string>>
  /** Where the first serial port is logged; the image says nothing there by default. */
  readonly serialLog?: string
  /** What a restart of the guest does: it goes on, or it ends the machine. Default: it goes on. */
  readonly onReboot?: 'continue' | 'stop'
  readonly accel?: Accel
}
