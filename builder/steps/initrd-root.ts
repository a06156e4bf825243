// Of what nearly every small PC starts from. Where a kernel has one built in, no initrd has to.
const DISK_DRIVERS = 'nvme vmd ahci usb-storage'

/**
 * Looks, before the initrd is taken, that no graphics driver is in it: its firmware lies in the root file system, and a
 * driver that starts without its firmware stays without it until the machine is started anew. And that it starts on other
 * machines than the one it is built on: settings of the distribution may outdo ours. Hooks of mmdebstrap.
 */
export const initrdHooks: readonly string[] = [
  `for initrd in "$1"/boot/initrd.img-*; do
    chroot "$1" lsinitrd "/boot/\${initrd##*/}" > "$1/tmp/initrd.txt" || { echo "E: the initrd cannot be read" >&2; exit 1; }
    if grep -Eq '/(i915|xe)\\.ko' "$1/tmp/initrd.txt"; then echo "E: the initrd has a graphics driver, but not its firmware" >&2; exit 1; fi
    for driver in ${DISK_DRIVERS}; do
      cat "$1/tmp/initrd.txt" "$1"/usr/lib/modules/*/modules.builtin | grep -q "/$driver\\.ko" || { echo "E: the initrd has no driver $driver, and would start few machines" >&2; exit 1; }
    done
    rm "$1/tmp/initrd.txt"
  done`,
  'ls "$1"/usr/lib/firmware/i915/tgl_guc_*.bin* "$1"/lib/firmware/i915/tgl_guc_*.bin* 2>/dev/null | grep -q . || { echo "E: the firmware of Intel graphics is not in the system" >&2; exit 1; }',
]
