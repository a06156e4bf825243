import { basename } from 'node:path'
import { generationOf, type Generation } from '../../graphics/generation.ts'
import { parseCpuinfo } from '../../probe/cpu.ts'
import { type DisplayDevice, readDisplayDevices } from '../../probe/graphics.ts'
import type { Root } from '../../root.ts'

/** A door to a graphics device, as in `/dev/dri/renderD128`. */
export interface RenderNode {
  readonly path: string
  /** What it belongs to: a place on the PCI bus, or the name of something that is none, such as `vgem`. */
  readonly owner: string
  readonly driver: string | null
  readonly card: DisplayDevice | null
}

/** The Intel device that everything is proven with. */
export interface Chosen {
  readonly node: string
  readonly card: DisplayDevice
  /** As in `8086:46d1`. */
  readonly pciId: string
  readonly generation: Generation
}

/** What this machine has for video. */
export interface VideoMachine {
  readonly cards: readonly DisplayDevice[]
  readonly nodes: readonly RenderNode[]
  /** Null when there is no Intel device with a render node. */
  readonly chosen: Chosen | null
  /** Who makes this machine up, as in `QEMU`; null when it is real. */
  readonly virtual: string | null
  readonly processor: string
  /** What the kernel was started with. */
  readonly cmdline: string
}

const INTEL = '8086'

/** Vendor and device in hexadecimal, as in `8086:46d1`. */
export const pciIdOf = ({ vendorId, deviceId }: DisplayDevice): string => `${vendorId}:${deviceId}`

/** The display devices of Intel. */
export const intelCards = ({ cards }: Pick<VideoMachine, 'cards'>): readonly DisplayDevice[] =>
  cards.filter(card => card.vendorId === INTEL)

/** Looks at what the kernel says of graphics; runs nothing. The device is chosen by its maker, never by its number. */
export function readVideoMachine(root: Root): VideoMachine {
  const cards = readDisplayDevices(root)
  const present = root.list('/dev/dri')
  const nodes = root
    .list('/sys/class/drm')
    .filter(name => /^renderD\d+$/.test(name) && present.includes(name))
    .map((name): RenderNode => {
      const at = `/sys/class/drm/${name}/device`
      const owner = basename(root.link(at) ?? 'nothing')
      const driver = root.link(`${at}/driver`)
      return {
        path: `/dev/dri/${name}`,
        owner,
        driver: driver === null ? null : basename(driver),
        card: cards.find(card => card.address === owner) ?? null,
      }
    })
  const found = intelCards({ cards }).flatMap((card): Chosen[] => {
    const node = nodes.find(each => each.card === card)
    const pciId = pciIdOf(card)
    return node === undefined ? [] : [{ node: node.path, card, pciId, generation: generationOf(pciId) }]
  })
  const cpuinfo = root.text('/proc/cpuinfo') ?? ''
  return {
    cards,
    nodes,
    chosen: found[0] ?? null,
    virtual: virtualMachine(cpuinfo, root.text('/sys/class/dmi/id/sys_vendor') ?? ''),
    processor: parseCpuinfo(cpuinfo).model,
    cmdline: (root.text('/proc/cmdline') ?? '').trim(),
  }
}

// SMBIOS system vendors of hypervisors, as systemd-detect-virt(1) knows them.
const hypervisors = /QEMU|KVM|VMware|innotek|VirtualBox|Xen|Bochs|Parallels|BHYVE|Apple Virtualization/i

/** Who makes the machine up; null when it is real. Every hypervisor that does not hide sets the processor's flag. */
function virtualMachine(cpuinfo: string, vendor: string): string | null {
  if (hypervisors.test(vendor)) return vendor.trim()
  return /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo) ? vendor.trim() || 'unknown maker' : null
}

/**
 * Whether a processor of this name has graphics inside; null when its name does not tell. Intel's own naming: an F at
 * the end is without, X is for workstations and without too.
 */
export function hasGraphics(processor: string): boolean | null {
  const core = /\bCore (?:i[3579]-|Ultra \d )(\d{3,5})([A-Z]*)/.exec(processor)
  if (core !== null) {
    if (/[FX]/.test(core[2] ?? '')) return false
    // Desktop processors of the workstation sockets have no letter for it.
    return /^(3820|39[367]0|4820|49[36]0|5820|59[36]0|68[05]0|69[05]0)$/.test(core[1] ?? '') ? null : true
  }
  if (/\bIntel\b.*\bN\d{2,4}\b/.test(processor)) return true
  const small = /\b(?:Celeron|Pentium)\b.*\b[GJN]\d{4}([A-Z]*)/.exec(processor)
  return small === null ? null : !(small[1] ?? '').includes('F')
}
