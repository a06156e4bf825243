import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { places } from '../../../builder/places.ts'
import { run } from '../../../builder/shared/run.ts'
import { gucFirmware, renderGucTable } from '../../../firstboot/graphics/guc.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

const { project } = places()
const script = join(project, 'overlays/firstboot/usr/lib/mediaserver/graphics-options')

/** What of a processor decides, by its graphics device. */
const machines: readonly (readonly [what: string, pciId: string, firmware: string | null])[] = [
  ['Haswell i5-4570', '8086:0412', null],
  ['Broadwell', '8086:1616', null],
  ['Skylake i7-6700', '8086:1912', 'skl'],
  ['Apollo Lake J3455', '8086:5a85', 'bxt'],
  ['Gemini Lake J4125', '8086:3185', 'glk'],
  ['Kaby Lake', '8086:5912', 'kbl'],
  ['Coffee Lake i3-8100', '8086:3e91', 'kbl'],
  ['Comet Lake i5-10400', '8086:9bc8', 'cml'],
  ['Ice Lake', '8086:8a52', 'icl'],
  ['Elkhart Lake J6412', '8086:4555', 'ehl'],
  ['Jasper Lake N5105', '8086:4e61', 'ehl'],
  ['Jasper Lake N5095', '8086:4e55', 'ehl'],
  ['Tiger Lake i5-1135G7', '8086:9a49', 'tgl'],
  ['Rocket Lake i5-11400', '8086:4c8b', 'tgl'],
  ['Alder Lake-S i5-12400', '8086:4692', null],
  ['Alder Lake-N N100', '8086:46d1', null],
  ['Alder Lake-N N305', '8086:46d0', null],
  ['Twin Lake N150', '8086:46d4', null],
  ['Raptor Lake', '8086:a780', null],
  ['Arc A380', '8086:56a5', null],
  ['Meteor Lake', '8086:7d55', null],
  ['Lunar Lake', '8086:64a0', null],
  ['Battlemage B580', '8086:e20b', null],
  ['a device of another maker with such a number', '10de:4e61', null],
  ['QEMU', '1234:1111', null],
]

test.each(machines)('%s (%s): %s', (_, pciId, firmware) => expect(gucFirmware(pciId)).toBe(firmware))

test('numbers are compared without regard to their letters', () => expect(gucFirmware('8086:9BC8')).toBe('cml'))

interface Machine {
  readonly devices: readonly (readonly [pciId: string, classCode?: string])[]
  readonly firmware?: readonly string[]
  readonly cmdline?: string
  readonly modprobe?: string
}

async function options({ devices, firmware = [], cmdline = 'quiet', modprobe }: Machine) {
  const root = await temporaryFolder()
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  await put('proc/cmdline', `${cmdline}\n`)
  await put('usr/lib/mediaserver/enable-guc.tsv', renderGucTable())
  if (modprobe !== undefined) await put('etc/modprobe.d/mine.conf', modprobe)
  for (const name of firmware) await put(`usr/lib/firmware/i915/${name}`, '')
  for (const [index, [pciId, classCode = '0x030000']] of devices.entries()) {
    const [vendor, device] = pciId.split(':')
    const at = `sys/bus/pci/devices/0000:00:0${index}.0`
    await put(`${at}/class`, `${classCode}\n`)
    await put(`${at}/vendor`, `0x${vendor}\n`)
    await put(`${at}/device`, `0x${device}\n`)
  }
  const { stderr } = await run({ argv: ['sh', script], env: { MEDIASERVER_ROOT: root } })
  const text = await readFile(join(root, 'run/modprobe.d/mediaserver-graphics.conf'), 'utf8').catch(() => null)
  return { text, stderr }
}

const jasper = ['ehl_guc_70.1.1.bin', 'ehl_huc_9.0.0.bin']
const setting = 'options i915 enable_guc=2\n'

describe('the script that chooses before the driver is loaded', () => {
  test.each(machines)('agrees on %s', async (_, pciId, firmware) => {
    const files = firmware === null ? [] : [`${firmware}_guc_70.bin`, `${firmware}_huc.bin.zst`]
    const { text } = await options({ devices: [[pciId]], firmware: files })
    expect(text).toBe(firmware === null ? null : setting)
  })

  test('without its firmware nothing is switched on, and it says why', async () => {
    const found = await options({ devices: [['8086:4e61']], firmware: ['ehl_guc_70.1.1.bin'] })
    expect(found.text).toBeNull()
    expect(found.stderr).toContain('graphics device 8086:4e61 (ehl) is not installed')
  })

  test('a newer card beside it would lose by the setting', async () => {
    const both = { devices: [['8086:9bc8'], ['8086:56a5']] as const, firmware: ['cml_guc_70.bin', 'cml_huc_4.0.0.bin'] }
    expect((await options(both)).text).toBeNull()
  })

  test('what is no display, or of another maker, plays no part', async () => {
    const { text } = await options({
      devices: [['8086:1533', '0x020000'], ['10de:1c82'], ['8086:4e61']],
      firmware: jasper,
    })
    expect(text).toBe(setting)
  })

  test.each([
    ['on the command line', { cmdline: 'quiet i915.enable_guc=0' }],
    ['in a file', { modprobe: 'options i915 enable_guc=3\n' }],
  ])('a choice of the user %s goes before ours', async (_, choice) => {
    expect((await options({ devices: [['8086:4e61']], firmware: jasper, ...choice })).text).toBeNull()
  })

  test('a remark in a file is no choice', async () => {
    const remark = '# options i915 enable_guc=3\n'
    expect((await options({ devices: [['8086:4e61']], firmware: jasper, modprobe: remark })).text).toBe(setting)
  })
})
