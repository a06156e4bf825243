import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { UserError } from '../shared/errors.ts'
import type { Firmware } from './options.ts'

/** The firmware of one machine: built into QEMU, or a code file with a variables file of the machine's own. */
export type FirmwareFiles =
  | { readonly kind: 'bios' }
  | { readonly kind: 'uefi'; readonly enforced: boolean; readonly code: string; readonly variables: string }

interface Pair {
  readonly code: string
  readonly variables: string
}

// Debian 12 and 13 and Ubuntu 22.04 to 26.04 keep OVMF here; the 2 MB builds are the last resort of older systems.
const DIRECTORIES = ['/usr/share/OVMF', '/usr/share/ovmf', '/usr/share/edk2/x64', '/usr/share/edk2/ovmf']

const PAIRS: Readonly<Record<Exclude<Firmware, 'bios'>, readonly Pair[]>> = {
  uefi: [
    { code: 'OVMF_CODE_4M.fd', variables: 'OVMF_VARS_4M.fd' },
    { code: 'OVMF_CODE.4m.fd', variables: 'OVMF_VARS.4m.fd' },
    { code: 'OVMF_CODE.fd', variables: 'OVMF_VARS.fd' },
  ],
  'secure-boot': [
    { code: 'OVMF_CODE_4M.secboot.fd', variables: 'OVMF_VARS_4M.ms.fd' },
    { code: 'OVMF_CODE_4M.ms.fd', variables: 'OVMF_VARS_4M.ms.fd' },
    { code: 'OVMF_CODE.secboot.fd', variables: 'OVMF_VARS.ms.fd' },
  ],
}

/** Every pair of files that would do for a firmware, best first. Pure. */
export function firmwareCandidates(firmware: Exclude<Firmware, 'bios'>): Pair[] {
  return DIRECTORIES.flatMap(directory =>
    PAIRS[firmware].map(pair => ({
      code: `${directory}/${pair.code}`,
      variables: `${directory}/${pair.variables}`,
    })),
  )
}

const readable = (path: string) =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  )

/** Finds the firmware on this computer; its `variables` are the pristine ones, to be copied before use. */
export async function findFirmware(firmware: Firmware, exists = readable): Promise<FirmwareFiles> {
  if (firmware === 'bios') return { kind: 'bios' }
  for (const pair of firmwareCandidates(firmware)) {
    if ((await exists(pair.code)) && (await exists(pair.variables))) {
      return { kind: 'uefi', enforced: firmware === 'secure-boot', ...pair }
    }
  }
  const what = firmware === 'secure-boot' ? 'UEFI firmware with Secure Boot' : 'UEFI firmware'
  throw new UserError(`No ${what} for QEMU was found.`, 'Install the package ovmf: sudo apt-get install ovmf')
}
