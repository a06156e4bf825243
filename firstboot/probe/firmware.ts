import type { Machine } from '../machine.ts'
import type { Root } from '../root.ts'

/** The EFI global variable that says whether Secure Boot is enforced (UEFI specification 2.10, §3.3). */
export const secureBootPath = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c'

/** Four bytes of attributes come first in efivarfs, then the value: 1 is on. No variable: the firmware cannot do it. */
export function parseSecureBoot(variable: Uint8Array | null): Machine['secureBoot'] {
  if (variable === null || variable.length < 5) return 'unsupported'
  return variable[4] === 1 ? 'on' : 'off'
}

/** How this machine was started. */
export function readFirmware(root: Root): Pick<Machine, 'firmware' | 'secureBoot'> {
  const uefi = root.list('/sys/firmware/efi').length > 0
  return {
    firmware: uefi ? 'UEFI' : 'BIOS',
    secureBoot: uefi ? parseSecureBoot(root.bytes(secureBootPath)) : 'unsupported',
  }
}
