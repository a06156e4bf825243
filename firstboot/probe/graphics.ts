import { basename } from 'node:path'
import type { Graphics } from '../machine.ts'
import type { Root } from '../root.ts'
import { hasWord } from './cmdline.ts'

/** What sysfs says about one display device, before anything is concluded. */
export interface DisplayDevice {
  /** Its place on the bus, as in `0000:00:02.0`. */
  readonly address: string
  readonly vendorId: string
  readonly deviceId: string
  readonly driver: string | null
  readonly renderNode: string | null
}

// PCI vendor IDs as registered with the PCI-SIG.
const vendors: Readonly<Record<string, string>> = {
  '8086': 'Intel',
  '10de': 'NVIDIA',
  '1002': 'AMD',
  '1234': 'QEMU',
  '1af4': 'Virtio',
  '1b36': 'QXL',
  '15ad': 'VMware',
  '1013': 'Cirrus',
  '102b': 'Matrox',
  '1a03': 'ASPEED',
}

/** The display devices (PCI class 0x03) with their driver and render node. */
export function readDisplayDevices(root: Root): DisplayDevice[] {
  const pci = '/sys/bus/pci/devices'
  return root
    .list(pci)
    .filter(address => root.text(`${pci}/${address}/class`)?.startsWith('0x03'))
    .map(address => {
      const id = (name: string) => (root.text(`${pci}/${address}/${name}`) ?? '').trim().replace(/^0x/, '')
      const driver = root.link(`${pci}/${address}/driver`)
      const node = root.list(`${pci}/${address}/drm`).find(name => name.startsWith('renderD'))
      return {
        address,
        vendorId: id('vendor'),
        deviceId: id('device'),
        driver: driver === null ? null : basename(driver),
        renderNode: node === undefined ? null : `/dev/dri/${node}`,
      }
    })
}

/** Adds the vendor's name and, where there is no render node, the reason. `cmdline` is the kernel's. */
export function explainGraphics(device: Omit<DisplayDevice, 'address'>, cmdline: string): Graphics {
  const { vendorId, deviceId, driver, renderNode } = device
  return {
    pciId: `${vendorId}:${deviceId}`,
    vendor: vendors[vendorId] ?? `vendor ${vendorId}`,
    driver,
    renderNode,
    reason: renderNode === null ? nodeFaultWords(nodeFault(driver, cmdline), driver) : null,
  }
}

/** Why a display device has no render node. */
export type NodeFault = 'nomodeset' | 'switched off' | 'no driver' | 'reserved' | 'firmware' | 'no node'

/** Finds the reason in the driver that is bound and in what the kernel was started with. */
export function nodeFault(driver: string | null, cmdline: string): NodeFault {
  if (hasWord(cmdline, 'nomodeset')) return 'nomodeset'
  if (switchedOff.test(cmdline)) return 'switched off'
  if (driver === null) return 'no driver'
  if (driver === 'vfio-pci') return 'reserved'
  return driver === 'i915' || driver === 'xe' ? 'firmware' : 'no node'
}

// As the kernel's own parameters and those of modprobe and dracut say it.
const switchedOff = /(?:^|\s)(?:(?:i915|xe)\.modeset=0|(?:modprobe\.|module_|rd\.driver\.)blacklist=\S*\b(?:i915|xe)\b)/

function nodeFaultWords(fault: NodeFault, driver: string | null): string {
  switch (fault) {
    case 'nomodeset':
      return 'the kernel was started with nomodeset'
    case 'switched off':
      return 'the kernel was told not to load its driver'
    case 'no driver':
      return 'no driver is bound to it'
    case 'reserved':
      return 'it is reserved for a virtual machine'
    case 'firmware':
      return `firmware files for ${driver ?? 'it'} may be missing`
    case 'no node':
      return `driver ${driver ?? ''} has no render node`
  }
}

/** Why Intel graphics cannot transcode here, or null when it can. */
export function intelReason(graphics: readonly Graphics[]): string | null {
  const intel = graphics.filter(card => card.pciId.startsWith('8086:'))
  if (intel.length === 0) return 'no Intel graphics in this machine'
  return intel.some(card => card.renderNode !== null) ? null : (intel[0]?.reason ?? 'no render node')
}
