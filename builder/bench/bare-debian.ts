import { chmod, cp, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { layOut, MEBIBYTE, PARTITION_TYPES } from '../../firstboot/disks/partition-table.ts'
import type { Base } from '../recipe/schema.ts'
import { guidFrom } from '../shared/hash.ts'
import type { Runner } from '../shared/run.ts'
import { makeFat } from '../steps/fat.ts'
import { writeDisk } from '../steps/write-disk.ts'
import { UserError } from '../shared/errors.ts'

/** Password of root in the bare image, which exists only to be measured. */
export const BARE_PASSWORD = 'bare'

/**
 * A plain Debian to compare with: the same kernel and initrd generator, an ordinary ext4 root, a login prompt.
 * Made as root only, since the file system's owners come from a folder.
 */
export async function makeBareDebian(folder: string, base: Base, run: Runner, signal: AbortSignal): Promise<string> {
  if (process.getuid?.() !== 0)
    throw new UserError(
      'The comparison with a bare Debian needs root.',
      'Run it with sudo, or leave it out with --no-boot.',
    )
  const [system, root, boot, tree] = [
    join(folder, 'system'),
    join(folder, 'root.ext4'),
    join(folder, 'boot'),
    join(folder, 'tree'),
  ]
  await mkdir(boot, { recursive: true })
  const packages = [
    base.kernel.package,
    base.initrd.package,
    'systemd-sysv',
    'udev',
    'dbus',
    'kmod',
    'login',
    'passwd',
    'iproute2',
    'systemd-resolved',
    'shim-signed',
    'grub-efi-amd64-signed',
    'grub2-common',
  ]
  await run(
    {
      argv: [
        'mmdebstrap',
        '--mode=root',
        '--variant=apt',
        '--format=directory',
        `--components=${base.components.join(' ')}`,
        '--aptopt=APT::Install-Recommends "false"',
        `--essential-hook=mkdir -p "$1/etc/dracut.conf.d" && printf 'hostonly="no"\\nadd_drivers+=" virtio_console "\\n' > "$1/etc/dracut.conf.d/bare.conf"`,
        `--include=${packages.join(',')}`,
        `--customize-hook=echo root:${BARE_PASSWORD} | chroot "$1" chpasswd`,
        '--customize-hook=chroot "$1" systemctl enable systemd-networkd',
        `--customize-hook=mkdir -p "$1/live" && cp "$1"/boot/vmlinuz-* "$1/live/vmlinuz" && cp "$1"/boot/initrd.img-* "$1/live/initrd.img" && cp "$1${base.efi.shim}" "$1/live/shimx64.efi" && cp "$1${base.efi.grub}" "$1/live/grubx64.efi"`,
        `--customize-hook=sync-out /live ${boot}`,
        '--customize-hook=rm -rf "$1/live"',
        '--customize-hook=: > "$1/etc/machine-id"; touch "$1/etc/.updated" "$1/var/.updated"; echo bare > "$1/etc/hostname"',
        base.suite,
        system,
      ],
    },
    { signal },
  )
  await run({ argv: ['truncate', '--size=2G', root] }, { signal })
  await run({ argv: ['mke2fs', '-q', '-t', 'ext4', '-d', system, root] }, { signal })
  const guid = (part: string) => guidFrom(`bare ${part}`)
  for (const name of ['EFI/BOOT', `EFI/${base.efi.vendorDirectory}`, 'live'])
    await mkdir(join(tree, name), { recursive: true })
  await cp(join(boot, 'shimx64.efi'), join(tree, 'EFI/BOOT/BOOTX64.EFI'))
  await cp(join(boot, 'grubx64.efi'), join(tree, 'EFI/BOOT/grubx64.efi'))
  await cp(join(boot, 'vmlinuz'), join(tree, 'live/vmlinuz'))
  await cp(join(boot, 'initrd.img'), join(tree, 'live/initrd.img'))
  await chmod(join(tree, 'live/initrd.img'), 0o644)
  await writeFile(
    join(tree, `EFI/${base.efi.vendorDirectory}/grub.cfg`),
    `set timeout=2\nsearch --no-floppy --set=root --file /live/vmlinuz\nmenuentry "Debian" {\n  linux /live/vmlinuz root=PARTUUID=${guid('root')} ro quiet loglevel=3 console=tty0\n  initrd /live/initrd.img\n}\n`,
  )
  const esp = join(folder, 'esp.img')
  await makeFat(
    { file: esp, tree, label: 'EFI', volumeId: 'ba5eba11', bytes: 160 * MEBIBYTE, epoch: 1_700_000_000 },
    run,
    signal,
  )
  const layout = layOut(guid('disk'), [
    { name: 'efi', type: PARTITION_TYPES.esp, guid: guid('esp'), bytes: (await stat(esp)).size },
    { name: 'root', type: PARTITION_TYPES.linux, guid: guid('root'), bytes: (await stat(root)).size },
  ])
  const image = join(folder, 'bare.img')
  await writeDisk(image, { layout, files: { efi: esp, root } }, run, signal)
  return image
}
