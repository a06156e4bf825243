/**
 * Intel graphics whose kernel driver leaves the video firmware (GuC, HuC) off by itself, and whose low-power encoder needs
 * it for a steady bit rate: from Skylake to Rocket Lake. For Jasper and Elkhart Lake that is the only encoder they have.
 * Newer ones are left alone: their driver does more by itself than the setting would. Older ones have no such firmware.
 * PCI device numbers by the prefix of the firmware's files. Facts: the kernel's include/drm/intel/pciids.h and
 * drivers/gpu/drm/i915/gt/uc/intel_uc.c, README and "Known issues" of intel/media-driver, Jellyfin's documentation.
 */
const devices: Readonly<Record<string, string>> = {
  skl: `1902 1906 190a 190b 190e 1912 1913 1915 1916 1917 191a 191b 191d 191e 1921 1923 1926 1927 192a 192b 192d 1932
    193a 193b 193d`,
  bxt: '0a84 1a84 1a85 5a84 5a85',
  glk: '3184 3185',
  // Coffee, Whiskey and Amber Lake use the files of Kaby Lake.
  kbl: `5902 5906 5908 590a 590b 590e 5912 5913 5915 5916 5917 591a 591b 591c 591d 591e 5921 5923 5926 5927 593b 87c0
    3e90 3e91 3e92 3e93 3e94 3e96 3e98 3e99 3e9a 3e9b 3e9c 3ea0 3ea1 3ea2 3ea3 3ea4 3ea5 3ea6 3ea7 3ea8 3ea9 87ca`,
  cml: `9b21 9b41 9ba2 9ba4 9ba5 9ba8 9baa 9bac 9bc2 9bc4 9bc5 9bc6 9bc8 9bca 9bcc 9be6 9bf6`,
  icl: '8a50 8a51 8a52 8a53 8a54 8a56 8a57 8a58 8a59 8a5a 8a5b 8a5c 8a5d 8a70 8a71',
  // Elkhart and Jasper Lake.
  ehl: '4541 4551 4555 4557 4570 4571 4e51 4e55 4e57 4e61 4e71',
  // Tiger and Rocket Lake.
  tgl: '9a40 9a49 9a59 9a60 9a68 9a70 9a78 9ac0 9ac9 9ad9 9af8 4c80 4c8a 4c8b 4c8c 4c90 4c9a',
}

const firmwareByDevice: ReadonlyMap<string, string> = new Map(
  Object.entries(devices).flatMap(([firmware, numbers]) =>
    numbers.split(/\s+/).map(number => [number, firmware] as const),
  ),
)

/** The prefix of the firmware that is to be switched on by `enable_guc=2`; null where the driver decides. `pciId` as in `8086:4e61`. */
export function gucFirmware(pciId: string): string | null {
  const [vendor, device = ''] = pciId.toLowerCase().split(':')
  return vendor === '8086' ? (firmwareByDevice.get(device) ?? null) : null
}

/** The same for the script that runs before the driver is loaded: a device and its firmware in each line. */
export const renderGucTable = (): string =>
  [...firmwareByDevice]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([device, firmware]) => `${device}\t${firmware}\n`)
    .join('')
