import { evidenceFolder, withEvidence } from '../../builder/qemu/evidence.ts'
import { waitForFirstScreen } from '../../builder/qemu/first-screen.ts'
import { Machine } from '../../builder/qemu/machine.ts'
import type { DiskOptions, Firmware } from '../../builder/qemu/options.ts'
import { imageUnderTest } from './image.ts'

/** Our own deadlines end a test with a sentence and evidence long before the test runner does. */
export const PATIENCE = 40 * 60 * 1000

/** Serials short enough that even the short list of disks shows them whole. */
export const NVME: DiskOptions = { kind: 'nvme', serial: 'NV-4Q7K', sizeGiB: 64 }
export const HDD: DiskOptions = { kind: 'hdd', serial: 'HD-L3PG', sizeGiB: 256 }

/** Boots the image under test from the stick, with an SSD and a film disk, up to its first screen. */
export async function bootLive(firmware: Firmware): Promise<Machine> {
  const machine = await Machine.start({ firmware, image: await imageUnderTest(), disks: [NVME, HDD] })
  try {
    await withEvidence(machine, evidenceName(firmware), () => waitForFirstScreen(machine))
    return machine
  } catch (error) {
    await machine[Symbol.asyncDispose]()
    throw error
  }
}

/** The name under which a boot's evidence is kept. */
export const evidenceName = (firmware: Firmware): string => `boot ${firmware}`

/** Where the picture of tty1 goes, whether the test passes or not. */
export const picturePath = (firmware: Firmware): string => `${evidenceFolder(evidenceName(firmware))}/first-screen.png`
