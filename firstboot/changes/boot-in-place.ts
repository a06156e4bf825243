import { readdir, readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { writeDurably } from '../apply/durable.ts'
import { kernelVersion, makeBootFiles } from './boot-files.ts'
import { defineChange, type Site } from './change.ts'

const Params = z.object({ root: z.string(), vendor: z.string(), firmware: z.enum(['UEFI', 'BIOS']) })
type Params = z.infer<typeof Params>

const ESP = '/boot/efi'
const MARK = '# Written by the set-up of the media server.'

/** The menu of an image that a system was installed beside: the system first, the set-up behind it. Pure. */
export function renderMenu(root: string): string {
  return `${MARK}
set default=0
set timeout=2
search --no-floppy --fs-uuid --set=installed ${root}
if [ -n "$installed" ]; then
  menuentry "Media Server" {
    set root=$installed
    set prefix=($installed)/boot/grub
    configfile ($installed)/boot/grub/grub.cfg
  }
fi
menuentry "Set the media server up again" {
  configfile $prefix/live.cfg
}
`
}

/** The menus on the partition that the firmware starts from: that of the BIOS GRUB and that of the signed one. */
const menus = async (vendor: string, site: Site): Promise<string[]> => {
  const folders = await readdir(site.path(`${ESP}/EFI`))
  const signed = folders.find(name => name.toLowerCase() === vendor) ?? vendor
  return [`${ESP}/grub/grub.cfg`, `${ESP}/EFI/${signed}/grub.cfg`]
}

/**
 * The menu of the image, while one of them is still that. Whether it was kept already says nothing: a power cut may have left
 * an empty file.
 */
async function menuOfImage(paths: readonly string[], site: Site): Promise<string | undefined> {
  const texts = await Promise.all(paths.map(path => readFile(site.path(path), 'utf8').catch(() => '')))
  return texts.find(text => text !== '' && !text.startsWith(MARK))
}

/** Starts the new system from the boot partition of the image that it lies beside; the set-up stays in its menu. */
export const bootInPlace = defineChange<Params>({
  id: 'boot-in-place',
  where: 'target',
  parse: params => Params.parse(params),
  async check({ root, vendor }, site) {
    const menu = renderMenu(root)
    for (const path of await menus(vendor, site))
      if ((await readFile(site.path(path), 'utf8').catch(() => '')) !== menu) return null
    return `starts beside the image, kernel ${await kernelVersion(site)}`
  },
  async apply({ root, vendor }, site) {
    // Updates of GRUB find no folder of this name, and leave the menus of the image alone.
    await makeBootFiles(root, site.path(`${ESP}/live/initrd.img`), 'Media Server', site)
    // The BIOS GRUB of the image finds its modules in the new root.
    await site.runInside(['cp', '-r', '/usr/lib/grub/i386-pc', '/boot/grub/'])
    await site.run(['sync', '--file-system', site.path('/')])
    const paths = await menus(vendor, site)
    const original = await menuOfImage(paths, site)
    if (original !== undefined)
      for (const path of paths)
        await writeDurably(site.path(path.replace(/[^/]+$/, 'live.cfg')), original, { mode: 0o644 })
    for (const path of paths) await writeDurably(site.path(path), renderMenu(root), { mode: 0o644 })
  },
})
