const SECTOR = 512
/** Bytes of boot.img before the partition table of the protective MBR. */
const BOOT_CODE = 440

/**
 * Patches GRUB's two first stages for a place on the disk, as grub-bios-setup does, but without a device.
 * Offsets are those of grub-core/boot/i386/pc/boot.S and diskboot.S: the sector of core.img as a 64-bit number at 0x5c,
 * the jump at 0x66 replaced by two NOPs so that the BIOS' own drive number is trusted, and core.img's list of further
 * blocks (start sector, then length) in its first sector at 0x1f4.
 */
export function patchGrub(
  boot: Uint8Array,
  core: Uint8Array,
  coreStart: number,
): { boot: Uint8Array; core: Uint8Array } {
  const patchedBoot = Buffer.from(boot).subarray(0, BOOT_CODE)
  const patchedCore = Buffer.from(core)
  const sector = BigInt(coreStart / SECTOR)
  patchedBoot.writeBigUInt64LE(sector, 0x5c)
  patchedBoot[0x66] = 0x90
  patchedBoot[0x67] = 0x90
  patchedCore.writeBigUInt64LE(sector + 1n, 0x1f4)
  patchedCore.writeUInt16LE(Math.ceil(core.length / SECTOR) - 1, 0x1fc)
  return { boot: patchedBoot, core: patchedCore }
}
