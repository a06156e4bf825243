/**
 * Looks, before the initrd is taken, that no graphics driver is in it: its firmware lies in the root file system, and a
 * driver that starts without its firmware stays without it until the machine is started anew. Hooks of mmdebstrap.
 */
export const graphicsHooks: readonly string[] = [
  `for initrd in "$1"/boot/initrd.img-*; do
    chroot "$1" lsinitrd "/boot/\${initrd##*/}" > "$1/tmp/initrd.txt" || { echo "E: the initrd cannot be read" >&2; exit 1; }
    if grep -Eq '/(i915|xe)\\.ko' "$1/tmp/initrd.txt"; then echo "E: the initrd has a graphics driver, but not its firmware" >&2; exit 1; fi
    rm "$1/tmp/initrd.txt"
  done`,
  'ls "$1"/usr/lib/firmware/i915/tgl_guc_*.bin* "$1"/lib/firmware/i915/tgl_guc_*.bin* 2>/dev/null | grep -q . || { echo "E: the firmware of Intel graphics is not in the system" >&2; exit 1; }',
]
