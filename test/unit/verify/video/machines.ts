import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { places } from '../../../../builder/places.ts'
import type { Programs, Tree } from './scene.ts'

const fixtures = join(places().project, 'test/fixtures/verify')

/** A recording without its first line, which says where it comes from; and how the program ended, where it is known. */
export function recording(name: string): { readonly text: string; readonly code: number | null } {
  const whole = readFileSync(join(fixtures, name), 'utf8')
  const text = whole.slice(whole.indexOf('\n') + 1)
  const code = /^exit=(\d+)$/m.exec(text)?.[1]
  return { text, code: code === undefined ? null : Number(code) }
}

/** A display device as the kernel shows it. */
export interface Card {
  readonly address: string
  readonly pciId: string
  readonly driver?: string
  /** As in `renderD129`. */
  readonly node?: string
}

/** The files of a machine with these devices. */
export function machineOf(cards: readonly Card[], more: Tree = {}): Tree {
  const files: Record<string, string> = {
    '/proc/cmdline': 'root=PARTUUID=1 quiet\n',
    '/proc/cpuinfo': 'processor\t: 0\nmodel name\t: Intel(R) N100\nflags\t\t: fpu vme\n',
    '/sys/class/dmi/id/sys_vendor': 'AZW\n',
    '/etc/passwd': 'root:x:0:0::/root:/bin/bash\nplex:x:801:801::/var/lib/plexmediaserver:/usr/sbin/nologin\n',
  }
  for (const { address, pciId, driver, node } of cards) {
    const at = `/sys/bus/pci/devices/${address}`
    const [vendor, device] = pciId.split(':')
    files[`${at}/class`] = '0x030000\n'
    files[`${at}/vendor`] = `0x${vendor}\n`
    files[`${at}/device`] = `0x${device}\n`
    if (driver !== undefined) files[`${at}/driver`] = `-> ../../../bus/pci/drivers/${driver}`
    if (node === undefined) continue
    files[`${at}/drm/${node}/dev`] = '226:128\n'
    files[`/dev/dri/${node}`] = ''
    files[`/sys/class/drm/${node}/device`] = `-> ../../../${address}`
    if (driver !== undefined) files[`/sys/class/drm/${node}/device/driver`] = `-> ../../../bus/pci/drivers/${driver}`
  }
  return { ...files, ...more }
}

/** An N100 as most have it. */
export const n100: Card = { address: '0000:00:02.0', pciId: '8086:46d1', driver: 'i915', node: 'renderD128' }

const uc = '/sys/kernel/debug/dri/0'

/** Its firmware as the driver tells of it. */
export const healthyFirmware: Tree = {
  [`${uc}/name`]: 'i915 dev=0000:00:02.0 unique=0000:00:02.0\n',
  [`${uc}/gt0/uc/guc_info`]: 'GuC firmware: i915/tgl_guc_70.bin\n\tstatus: RUNNING\n\tversion: found 70.49.4\n',
  [`${uc}/gt0/uc/huc_info`]: 'HuC firmware: i915/tgl_huc.bin\n\tstatus: RUNNING\n\tversion: found 7.9.3\n',
}

/** What ffmpeg prints when it encodes by an encoder, in the words of ffmpeg 7.1. */
export const encoded = (encoder: string, frames = 300): string => `pid=4711
[AVHWDeviceContext @ 0x55] libva: VA-API version 1.22.0
[AVHWDeviceContext @ 0x55] Initialised VAAPI connection: version 1.22
[AVHWDeviceContext @ 0x55] VAAPI driver: Intel iHD driver for Intel(R) Gen Graphics - 25.2.3 ().
Stream mapping:
  Stream #0:0 -> #0:0 (wrapped_avframe (native) -> h264 (${encoder}))
frame=12
progress=continue
frame=${frames}
fps=210.00
progress=end`

/** What a program at the graphics has been counted, as i915 tells it. */
export const counted = (ns: number, address = '0000:00:02.0'): string =>
  `pos:\t0\nflags:\t02100002\ndrm-driver:\ti915\ndrm-pdev:\t${address}\ndrm-client-id:\t9\n` +
  `drm-engine-render:\t120000 ns\ndrm-engine-video:\t${ns} ns\ndrm-engine-capacity-video:\t2\n`

/** The files of a healthy N100 while a film is encoded on it. */
export const healthyTree = (more: Tree = {}): Tree =>
  machineOf([n100], { ...healthyFirmware, '/proc/4711/fdinfo/5': counted(812_000_000), ...more })

/** How the programs of a healthy machine end; what a test says of one goes before. */
export const healthy =
  (own: Programs = () => null): Programs =>
  line => {
    const said = own(line)
    if (said !== null) return said
    if (line.startsWith('journalctl')) return { stdout: `[drm] Initialized i915 1.6.0 for 0000:00:02.0 on minor 0` }
    if (line.includes('exec 3<>')) return {}
    if (line.startsWith('stat ')) return { stdout: '660 0 992\n' }
    if (line.startsWith('systemctl show')) return { stdout: '0\n' }
    if (line.startsWith('dpkg-query')) return { stdout: 'intel-media-va-driver-non-free installed\n', code: 1 }
    if (line.includes('vainfo')) return { stdout: recording('ok-uhd770-ihd-24.1.5-jellyfin-ffmpeg.txt').text }
    const encoder = /-c:v (h264_\w+)/.exec(line)?.[1]
    return encoder === undefined ? null : { stdout: encoded(encoder) }
  }
