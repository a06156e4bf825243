import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { writeDurably } from '../apply/durable.ts'
import { exists } from './block-devices.ts'
import { kernelVersion, makeBootFiles } from './boot-files.ts'
import { defineChange, type Site } from './change.ts'
import { findPlannedDisk } from './find-disk.ts'
import { liveEspOf } from './live-esp.ts'
import { IdentityParams } from './schemas.ts'

const Params = z.object({
  disk: IdentityParams,
  table: z.string(),
  root: z.string(),
  vendor: z.string(),
  firmware: z.enum(['UEFI', 'BIOS']),
})
type Params = z.infer<typeof Params>

// Written last, when everything before it is on the disk.
const MARK = '/boot/mediaserver-boot.txt'

const needed = (vendor: string): string[] => [
  '/boot/grub/grub.cfg',
  '/boot/grub/i386-pc/core.img',
  '/boot/efi/EFI/BOOT/BOOTX64.EFI',
  `/boot/efi/EFI/${vendor}/shimx64.efi`,
  `/boot/efi/EFI/${vendor}/grubx64.efi`,
]

async function isBootable({ root, vendor }: Params, site: Site): Promise<boolean> {
  if (!(await exists(site.path(MARK)))) return false
  for (const path of needed(vendor)) if (!(await exists(site.path(path)))) return false
  return (await readFile(site.path('/boot/grub/grub.cfg'), 'utf8')).includes(root)
}

/** Makes the system disk start by itself under UEFI and BIOS, whatever the machine uses now: it may change. */
export const boot = defineChange<Params>({
  id: 'boot',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    return (await isBootable(params, site)) ? `starts under UEFI and BIOS, kernel ${await kernelVersion(site)}` : null
  },
  async apply({ disk, table, root, vendor, firmware }, site) {
    const { path } = await findPlannedDisk(disk, table)
    const distributor = `${vendor.slice(0, 1).toUpperCase()}${vendor.slice(1)}`
    if (site.target === '') await makeBootFiles(root, null, distributor, site)
    else await liveEspOf(site, async esp => await makeBootFiles(root, `${esp}/live/initrd.img`, distributor, site))
    site.progress('installing GRUB for UEFI')
    await site.runInside(installForUefi(vendor))
    await keepRemovable(site)
    site.progress('installing GRUB for BIOS')
    await site.runInside(['grub-install', '--target=i386-pc', path])
    if (firmware === 'UEFI') await enterBootList(path, vendor, site)
    // GRUB's own partition and the first sector belong to no file system.
    await site.run(['sync', path])
    await site.run(['sync', '--file-system', site.path('/')])
    await site.run(['sync', '--file-system', site.path('/boot/efi')])
    await writeDurably(site.path(MARK), 'Boot files are complete.\n', { mode: 0o644 })
  },
})

/**
 * How GRUB is installed for UEFI, also on the removable path: that starts on machines that have forgotten their boot list, and
 * on any other machine. Ubuntu's grub-install always fills it, and does not know the option. Pure.
 */
export const installForUefi = (vendor: string): [string, ...string[]] => [
  'grub-install',
  '--target=x86_64-efi',
  '--efi-directory=/boot/efi',
  `--bootloader-id=${vendor}`,
  '--no-nvram',
  ...(vendor === 'ubuntu' ? [] : ['--force-extra-removable']),
  '--uefi-secure-boot',
]

// So that updates of shim put themselves there as well: a machine that starts from there would keep the old one for ever.
async function keepRemovable(site: Site): Promise<void> {
  const line = 'shim-signed grub2/force_efi_extra_removable boolean true\n'
  await site.runInside(['debconf-set-selections'], { input: line })
}

// Nice to have: without it the removable path starts the machine, so a firmware that refuses is no failure.
async function enterBootList(disk: string, vendor: string, site: Site): Promise<void> {
  const list = await site.attempt(['efibootmgr'])
  for (const [, number = ''] of list.stdout.matchAll(/^Boot([0-9A-F]{4})\*? Media Server\b/gm))
    await site.attempt(['efibootmgr', '--quiet', '--bootnum', number, '--delete-bootnum'])
  const entry = ['--disk', disk, '--part', '2', '--label', 'Media Server', '--loader', `\\EFI\\${vendor}\\shimx64.efi`]
  await site.attempt(['efibootmgr', '--quiet', '--create', ...entry])
}
