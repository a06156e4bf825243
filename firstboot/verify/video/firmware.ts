import type { Root } from '../../root.ts'
import type { Check } from '../check.ts'
import { failed, nothing } from './sentence.ts'
import { generationOf } from '../../graphics/generation.ts'
import { intelCards, pciIdOf } from './devices.ts'
import { judgeFirmware } from './judge-firmware.ts'
import { driverLog, unknownDevice, videoMachine } from './machine.ts'
import { type Firmware, parseFirmware } from './parse-firmware.ts'
import { judgeNodes } from './presence.ts'

/** Layer 4. */
export const firmware: Check = {
  id: 'video-firmware',
  section: 'hardware video',
  title: 'Graphics driver and firmware run',
  how: 'Reads the state of the firmware from the driver, and what the kernel has logged since the start.',
  seconds: 20,
  run: async scene => {
    const machine = await videoMachine(scene)
    const card = machine.chosen?.card ?? intelCards(machine)[0]
    if (card === undefined) return nothing('There are no Intel graphics in this machine')
    if (card.driver !== 'i915' && card.driver !== 'xe') {
      const { trouble = '', words } = judgeNodes(machine, await unknownDevice(scene, machine))
      return failed(trouble, `No driver of Intel graphics runs. ${words}`)
    }
    const log = await driverLog(scene)
    return judgeFirmware({ firmware: readFirmware(scene.root, card.address), log }, generationOf(pciIdOf(card)))
  },
}

const debug = '/sys/kernel/debug/dri'

/**
 * The state of the firmware of one device. Folders are named by a number or by the place on the bus, and some kernels
 * have both; `gt`, `gt0` and `gt1` are the parts of a device; the oldest kernels have files of other names.
 */
export function readFirmware(root: Root, address: string): Firmware[] {
  const isOurs = (name: string) => name === address || root.text(`${debug}/${name}/name`)?.includes(address) === true
  const paths = root.list(debug).flatMap(name => (isOurs(name) ? filesOf(root, `${debug}/${name}`) : []))
  return [...new Set(paths.flatMap(path => root.text(path) ?? []))].flatMap(parseFirmware)
}

function filesOf(root: Root, folder: string): string[] {
  const parts = root.list(folder).flatMap(name => (/^gt\d*$/.test(name) ? [`${folder}/${name}/uc`] : []))
  return [
    ...parts.flatMap(part => [`${part}/guc_info`, `${part}/huc_info`]),
    `${folder}/i915_guc_load_status`,
    `${folder}/i915_huc_load_status`,
  ]
}
