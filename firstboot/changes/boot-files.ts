import { copyFile, mkdir, readdir, rm } from 'node:fs/promises'
import { ChangeFailure } from '../apply/failure.ts'
import type { Site } from './change.ts'
import { type OwnFile, writeFiles } from './files.ts'

// The initrd of the live system serves any machine, so it starts this one as well; the next update of the kernel
// makes one with the settings below.
const LIVE_INITRD_SETTINGS = '/etc/dracut.conf.d/99-mediaserver-live.conf'

const files = (root: string, distributor: string): OwnFile[] => [
  {
    path: '/etc/dracut.conf.d/99-mediaserver.conf',
    text: [
      '# Starts on any machine: the SSD may move into another one.',
      'hostonly="no"',
      'compress="zstd"',
      'early_microcode="yes"',
      '# Graphics start after the root is there, with the firmware that lies in it.',
      'omit_drivers+=" i915 xe amdgpu nouveau radeon "',
      '',
    ].join('\n'),
  },
  {
    path: '/etc/default/grub.d/mediaserver.cfg',
    text: [
      `GRUB_DISTRIBUTOR="${distributor}"`,
      'GRUB_TIMEOUT=2',
      'GRUB_CMDLINE_LINUX_DEFAULT="quiet loglevel=3"',
      `GRUB_CMDLINE_LINUX="root=UUID=${root}"`,
      'GRUB_DISABLE_OS_PROBER=true',
      'GRUB_DISABLE_LINUX_UUID=true',
      '',
    ].join('\n'),
  },
]

/** The version of the one kernel that the copied system has. */
export async function kernelVersion(site: Site): Promise<string> {
  const kernels = (await readdir(site.path('/boot'))).filter(name => name.startsWith('vmlinuz-')).sort()
  const newest = kernels.at(-1)
  if (newest === undefined)
    throw new ChangeFailure('The copied system has no kernel.', 'The stick may be damaged: write it again.')
  return newest.slice('vmlinuz-'.length)
}

/**
 * Puts kernel settings, initrd, microcode and GRUB's menu into /boot, and returns when they are safe there. `initrd` is that of the live system; null when the
 * running system is the new one, which has it already. `distributor` is in the names of menu entries, and in small letters it
 * is the folder below EFI/ where updates of shim and GRUB put themselves.
 */
export async function makeBootFiles(
  root: string,
  initrd: string | null,
  distributor: string,
  site: Site,
): Promise<void> {
  const version = await kernelVersion(site)
  await rm(site.path(LIVE_INITRD_SETTINGS), { force: true })
  await writeFiles(files(root, distributor), site)
  if (initrd !== null) await copyFile(initrd, site.path(`/boot/initrd.img-${version}`))
  // GRUB's own script loads a file of this name before the initrd; it is there for processors that need fixes early.
  await site.attempt(['rm', '-f', site.path('/boot/intel-uc.img')])
  await site.runInside([
    'iucode_tool',
    '--quiet',
    '--write-earlyfw=/boot/intel-uc.img',
    '/usr/lib/firmware/intel-ucode',
  ])
  site.progress('writing the boot menu')
  await mkdir(site.path('/boot/grub'), { recursive: true })
  await site.runInside(['update-grub'])
  // Before GRUB is put where the firmware looks: with a menu that the power took away it would start nothing.
  await site.run(['sync', '--file-system', site.path('/')])
}
