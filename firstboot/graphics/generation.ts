import { gucFirmware } from './guc.ts'

/** What a generation of Intel graphics can do for video; each fact decides how it is proven. */
export interface Generation {
  /** As people know it: `before Broadwell`, `Skylake to Ice Lake`. */
  readonly name: string
  /** The VA-API driver that is made for it. */
  readonly driver: 'iHD' | 'i965'
  /** Whether the Quick Sync runtime that distributions still have serves it; Plex uses VA-API on all of them. */
  readonly quickSync: boolean
  /** Its only H.264 encoder is the low-power one. */
  readonly lowPowerOnly: boolean
  /** It decodes HEVC (H.265) in hardware, as all from Skylake on do. */
  readonly hevc: boolean
  /** Video firmware: not there, switched on by this set-up, or by the driver itself. */
  readonly firmware: 'none' | 'chosen' | 'by itself'
}

/**
 * The generation of an Intel display device, by its number on the PCI bus as in `8086:46d1`. Numbers that are not known
 * are new: old ones do not become more. Facts: the kernel's include/drm/intel/pciids.h, README of intel/media-driver,
 * README of intel/vpl-gpu-rt (from Tiger Lake on).
 */
export function generationOf(pciId: string): Generation {
  const device = pciId.toLowerCase().split(':')[1] ?? ''
  switch (gucFirmware(pciId)) {
    case 'tgl':
      return { ...current, name: 'Tiger Lake or Rocket Lake', firmware: 'chosen' }
    case 'ehl':
      return { ...older, name: 'Jasper Lake or Elkhart Lake', lowPowerOnly: true }
    case null:
      break
    default:
      return older
  }
  if (device.startsWith('16')) return { ...older, name: 'Broadwell', hevc: false, firmware: 'none' }
  if (beforeBroadwell.test(device))
    return {
      name: 'before Broadwell',
      driver: 'i965',
      quickSync: false,
      lowPowerOnly: false,
      hevc: false,
      firmware: 'none',
    }
  return arc.test(device) ? { ...current, name: 'Arc', lowPowerOnly: true } : current
}

const older: Generation = {
  name: 'Skylake to Ice Lake',
  driver: 'iHD',
  quickSync: false,
  lowPowerOnly: false,
  hevc: true,
  firmware: 'chosen',
}

const current: Generation = {
  name: 'Alder Lake or newer',
  driver: 'iHD',
  quickSync: true,
  lowPowerOnly: false,
  hevc: true,
  firmware: 'by itself',
}

// Ironlake, Sandy and Ivy Bridge, Haswell, Bay Trail, Braswell, and what the chipsets before them had.
const beforeBroadwell = /^(004|01[0-6]|04|0a|0c|0d|0f|22|2[59ae]|27|a0)/
const arc = /^(56|4f8)/
