import { z } from 'zod'
import type { Command } from '../shared/run.ts'
import { contained } from './contained.ts'
import { initrdHooks } from './initrd-root.ts'
import { plexParts } from './plex-root.ts'

/** Parameters of the step `root`. */
export const RootParams = z.object({
  suite: z.string(),
  packages: z.array(z.string()),
  /** Units that the packages enable and the image does not. */
  disable: z.array(z.string()),
  /** What the system is set to until the wizard has asked. */
  system: z.object({ hostname: z.string(), locale: z.string(), timezone: z.string(), keyboard: z.string() }),
  /** What apt in the image shall use, as the lines of a sources.list. */
  sources: z.string(),
  epoch: z.number().int(),
  compressionLevel: z.number().int(),
  shim: z.string(),
  mokManager: z.string(),
  signedGrub: z.string(),
  plex: z.object({ install: z.enum(['baked', 'first-boot']), signed: z.boolean(), repository: z.boolean() }),
})
export type RootParams = z.infer<typeof RootParams>

/** Paths that the commands of the step name. */
export interface RootPaths {
  readonly archive: string
  /** A tar of files, so that neither owners nor folders of the checkout reach the image. */
  readonly overlay: string
  readonly node: string
  readonly squashfs: string
  readonly boot: string
  readonly temporary: string
  readonly sourcesList: string
  /** The small archive, the source and the key of the step `plex`. */
  readonly plex: { readonly archive: string; readonly sources: string; readonly key: string }
}

// GRUB for BIOS machines finds the ESP by a file on it and reads the same menu as the signed GRUB does.
const BIOS_MODULES =
  'biosdisk part_gpt fat ext2 search search_fs_file search_fs_uuid linux normal configfile echo test minicmd'

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** What is done in the new root, after its packages; `$1` is the root. */
function customise(params: RootParams, paths: RootPaths): string[] {
  const chroot = (line: string) => `chroot "$1" sh -ec ${quote(line)}`
  return [
    `upload ${paths.sourcesList} /etc/apt/sources.list`,
    'rm -f "$1"/etc/apt/sources.list.d/*mmdebstrap* "$1"/etc/ssh/ssh_host_*',
    'mkdir -p "$1/usr/lib/mediaserver" "$1/live"',
    `upload ${paths.node} /usr/lib/mediaserver/node`,
    'chmod 755 "$1/usr/lib/mediaserver/node"',
    // mmdebstrap copies the build machine's name and resolver: they are nobody's business, and differ everywhere.
    chroot(`echo ${params.system.hostname} > /etc/hostname
      printf '127.0.0.1 localhost\\n127.0.1.1 ${params.system.hostname}\\n::1 localhost ip6-localhost ip6-loopback\\n' > /etc/hosts
      ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
      ln -sf /usr/share/zoneinfo/${params.system.timezone} /etc/localtime
      echo ${params.system.timezone} > /etc/timezone
      echo 'LANG=${params.system.locale}' > /etc/default/locale
      ln -sf default/locale /etc/locale.conf
      echo '${params.system.locale} UTF-8' > /etc/locale.gen
      locale-gen >/dev/null
      sed -i 's/^XKBLAYOUT=.*/XKBLAYOUT="${params.system.keyboard}"/' /etc/default/keyboard`),
    ...plexParts(params.plex, paths.plex).after,
    ...initrdHooks,
    // A unit that a base does not have is no fault: the list is one for all bases.
    chroot(`for unit in ${params.disable.join(' ')}; do systemctl disable "$unit" >/dev/null 2>&1 || true; done`),
    chroot('passwd -l root >/dev/null'),
    chroot(`mkdir -p /live/grub
      cp /boot/vmlinuz-* /live/vmlinuz
      cp /boot/initrd.img-* /live/initrd.img
      cp ${params.shim} /live/shimx64.efi
      cp ${params.mokManager} /live/mmx64.efi
      cp ${params.signedGrub} /live/grubx64.efi
      printf 'search --no-floppy --set=root --file /live/vmlinuz --hint $root,gpt2\\nset prefix=($root)/grub\\nconfigfile $prefix/grub.cfg\\n' > /live/early.cfg
      grub-mkimage -O i386-pc -p /grub -c /live/early.cfg -o /live/core.img ${BIOS_MODULES}
      cp /usr/lib/grub/i386-pc/boot.img /live/boot.img
      rm -f /live/early.cfg /boot/initrd.img-*
      dpkg-query -W -f '\${Package} \${Version} \${Architecture}\\n' > /live/packages.txt`),
    `sync-out /live ${paths.boot}`,
    'rm -rf "$1/live" "$1/var/lib/dbus/machine-id" "$1/var/lib/systemd/random-seed" "$1"/var/log/*.log "$1"/var/log/apt "$1"/var/cache/ldconfig "$1"/var/cache/debconf/*-old',
    // An empty machine-id makes systemd take a passing one without calling it a first boot.
    ': > "$1/etc/machine-id"',
    // Tells systemd that /etc and /var are as new as /usr: rebuilding its caches would cost half of the boot.
    'touch "$1/etc/.updated" "$1/var/.updated"',
  ]
}

/** The one call that makes the root file system: packages by mmdebstrap, straight into a squashfs. Pure. */
export function rootCommand(params: RootParams, paths: RootPaths, mode: 'root' | 'unshare'): Command {
  const excludes = [
    '/usr/share/doc/*',
    '/usr/share/man/*',
    '/usr/share/info/*',
    '/usr/share/locale/*',
    '/usr/share/lintian/*',
  ]
  const plex = plexParts(params.plex, paths.plex)
  const argv: [string, ...string[]] = [
    'mmdebstrap',
    `--mode=${mode}`,
    '--variant=apt',
    '--format=tar',
    '--aptopt=APT::Install-Recommends "false"',
    ...excludes.map(path => `--dpkgopt=path-exclude=${path}`),
    '--dpkgopt=path-include=/usr/share/doc/*/copyright',
    // Before the kernel is installed, so that its own hook makes the initrd of the live system and no second one.
    `--essential-hook=tar-in ${paths.overlay} /`,
    ...plex.before.map(line => `--essential-hook=${line}`),
    `--include=${[...params.packages, ...plex.packages].join(',')}`,
    ...customise(params, paths).map(line => `--customize-hook=${line}`),
    params.suite,
    '-',
    `deb [trusted=yes] copy:${paths.archive} ./`,
    ...plex.archives,
  ]
  return {
    argv: contained(argv, mode),
    name: 'mmdebstrap',
    env: { SOURCE_DATE_EPOCH: String(params.epoch), TMPDIR: paths.temporary },
    // In a tar the root folder gets the caller's ids whatever it is told (squashfs-tools 4.5.1), so the caller is a root.
    pipeTo: [
      ...(mode === 'root' ? (['env'] as const) : (['unshare', '--user', '--map-root-user'] as const)),
      'mksquashfs',
      '-',
      paths.squashfs,
      '-tar',
      '-comp',
      'zstd',
      '-Xcompression-level',
      String(params.compressionLevel),
      '-b',
      '512K',
      '-root-mode',
      '0755',
      '-noappend',
      '-no-progress',
      '-quiet',
      '-no-exports',
    ],
  }
}

/** The command with names in place of paths: what a key may know of it. */
export function rootRecipe(params: RootParams): readonly string[] {
  const paths: RootPaths = {
    archive: 'ARCHIVE',
    overlay: 'OVERLAY',
    node: 'NODE',
    squashfs: 'SQUASHFS',
    boot: 'BOOT',
    temporary: 'TEMPORARY',
    sourcesList: 'SOURCES',
    plex: { archive: 'PLEX', sources: 'PLEX-SOURCES', key: 'PLEX-KEY' },
  }
  const { argv, pipeTo = [] } = rootCommand(params, paths, 'root')
  return [...argv, '|', ...pipeTo]
}
