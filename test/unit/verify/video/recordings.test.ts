import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { places } from '../../../../builder/places.ts'
import { generationOf } from '../../../../firstboot/graphics/generation.ts'
import type { Finding } from '../../../../firstboot/verify/check.ts'
import { judgeBusy } from '../../../../firstboot/verify/video/judge-busy.ts'
import { faultOf } from '../../../../firstboot/verify/video/judge-encode.ts'
import { judgeFirmware } from '../../../../firstboot/verify/video/judge-firmware.ts'
import { judgeVainfo } from '../../../../firstboot/verify/video/judge-vainfo.ts'
import type { Way } from '../../../../firstboot/verify/video/parse-encode.ts'
import { addLook, noUsage, parseFdinfo } from '../../../../firstboot/verify/video/parse-fdinfo.ts'
import { isAboutGraphics, parseDriverLog, parseFirmware } from '../../../../firstboot/verify/video/parse-firmware.ts'
import { parseGpuTop } from '../../../../firstboot/verify/video/parse-gpu-top.ts'
import { parsePlexLog } from '../../../../firstboot/verify/video/parse-plex-log.ts'
import { parseVpl } from '../../../../firstboot/verify/video/parse-vpl.ts'
import { recording } from './machines.ts'

const node = '/dev/dri/renderD128'
const [haswell, coffee, jasper, alder, arc] = ['0412', '3e91', '4e61', '46d1', '56a0'].map(id => `8086:${id}`)

const short = ({ verdict, trouble }: Finding): string => (trouble === undefined ? verdict : `${verdict} ${trouble}`)

// Where a recording was cut off before the program ended, its name says how that was.
const vainfo =
  (device = alder) =>
  (name: string) => {
    const { text, code } = recording(name)
    const ended = code ?? (name.startsWith('fail') ? 1 : 0)
    return short(judgeVainfo({ text, code: ended, node, generation: generationOf(device ?? ''), nonFree: true }))
  }
const ffmpeg =
  (way: Way, ended = 1) =>
  (name: string) => {
    const { text, code } = recording(name)
    const fault = faultOf({ way, text, code: code ?? ended })
    return fault === null ? 'pass' : short(fault)
  }
const firmware =
  (device = alder) =>
  (name: string) => {
    const { text } = recording(name)
    const log = parseDriverLog(text.split('\n').filter(isAboutGraphics))
    return short(judgeFirmware({ firmware: parseFirmware(text), log }, generationOf(device ?? '')))
  }
const busy = (name: string) => {
  const client = parseFdinfo(recording(name).text)
  return short(judgeBusy(addLook(noUsage, client === null ? [] : [client]), '0000:00:02.0', null))
}

const verdicts: Readonly<Record<string, readonly [(name: string) => unknown, unknown]>> = {
  'ok-arc-a770-dg2-ihd-23.2.3.txt': [vainfo(arc), 'pass'],
  'ok-coffeelake-i5-8400T-ihd-24.1.0-nonfree-ubuntu24.04.txt': [vainfo(coffee), 'pass'],
  'ok-coffeelake-t490-i965-2.4.0-forced.txt': [vainfo(coffee), 'warn video-old-driver'],
  'ok-haswell-i965-2.4.1.txt': [vainfo(haswell), 'pass'],
  'ok-uhd770-ihd-24.1.5-jellyfin-ffmpeg.txt': [vainfo(), 'pass'],
  'other-amd-780m-radeonsi-26.1.5.txt': [vainfo(), 'fail video-wrong-driver'],
  'partial-coffeelake-ihd-dlopen-fails-then-i965.txt': [vainfo(coffee), 'fail video-driver-broken'],
  'partial-kabylake-m3-8100Y-i965-2.4.0.txt': [vainfo(coffee), 'warn video-old-driver'],
  'fail-alderlake-ihd-init-failed-returns-1.txt': [vainfo(), 'fail video-driver-too-old'],
  'fail-debian13-no-dri-default.txt': [vainfo(), 'fail video-no-node'],
  'fail-debian13-no-dri-display-drm.txt': [vainfo(), 'fail video-no-node'],
  'fail-debian13-node-absent.txt': [vainfo(), 'fail video-permission'],
  'fail-debian13-node-not-a-drm-device.txt': [vainfo(), 'fail video-node-of-nothing'],
  'fail-debian13-node-open-denied.txt': [vainfo(), 'fail video-permission'],
  'fail-dgpu-kernel-too-old-chip-id.txt': [vainfo(arc), 'fail video-kernel-too-old'],
  'fail-driver-package-missing.txt': [vainfo(haswell), 'fail video-driver-missing'],
  'fail-ihd-invalid-parameter-18.txt': [vainfo(coffee), 'fail video-driver-refuses'],
  'fail-jasperlake-i965-then-null-name.txt': [vainfo(jasper), 'fail video-wrong-driver'],
  'fail-libva-driver-name-null.txt': [vainfo(), 'fail video-wrong-driver'],
  'fail-virtio-gpu-ffmpeg-excerpt.txt': [ffmpeg('VA-API', 251), 'fail video-driver-refuses'],
  'ffmpeg-debian13-no-dri-qsv-childdevice.txt': [ffmpeg('Quick Sync'), 'fail video-permission'],
  'ffmpeg-debian13-no-dri-qsv-nodevice.txt': [ffmpeg('Quick Sync'), 'fail video-quick-sync'],
  'ffmpeg-debian13-no-dri-vaapi.txt': [ffmpeg('VA-API'), 'fail video-permission'],
  'ffmpeg-debian13-silent-software-fallback.txt': [ffmpeg('VA-API'), 'fail video-software'],
  'ffmpeg-mfx-session-minus3-no-vpl-runtime.txt': [ffmpeg('Quick Sync'), 'fail video-quick-sync'],
  'fdinfo-i915.txt': [busy, 'fail video-engine-idle'],
  'intel_gpu_top-debian13-no-gpu-json.txt': [name => parseGpuTop(recording(name).text), null],
  'intel_gpu_top-debian13-no-gpu-list.txt': [name => parseGpuTop(recording(name).text), null],
  'intel_gpu_top-json-two-samples.txt': [name => parseGpuTop(recording(name).text), 16.355876],
  'plexlog-vaapi-hw-ok-2017.txt': [name => parsePlexLog(recording(name).text).by, 'hardware'],
  'uc-huc-running-dg2.txt': [firmware(arc), 'pass'],
  'uc-huc-running-tgl.txt': [firmware('8086:9a49'), 'pass'],
  'uc-n100-debian13-firmware-missing.txt': [firmware(), 'fail video-firmware-missing'],
  'uc-n100-debian13-healthy-dmesg.txt': [firmware(), 'pass'],
  'vpl-inspect-debian13-no-gpu.txt': [name => parseVpl(recording(name).text), 0],
}

test('each recording of a program for graphics has its verdict', () => {
  const ours = /^(?:ok|other|partial|fail|ffmpeg|fdinfo|intel_gpu_top|plexlog|uc|vpl-inspect)-/
  const there = readdirSync(join(places().project, 'test/fixtures/verify')).filter(name => ours.test(name))
  expect(Object.keys(verdicts).toSorted()).toEqual(there.toSorted())
})

test.each(Object.entries(verdicts))('%s', (name, [judge, expected]) => expect(judge(name)).toEqual(expected))

test('what was measured is in the words', () => {
  const { text } = recording('ok-coffeelake-i5-8400T-ihd-24.1.0-nonfree-ubuntu24.04.txt')
  const { words } = judgeVainfo({ text, code: 0, node, generation: generationOf(coffee ?? ''), nonFree: true })
  expect(words).toBe(
    'Intel iHD driver for Intel Gen Graphics - 24.1.0: decodes 14 profiles with HEVC, encodes H.264 (normal, low power).',
  )
})

test('films of today need the decoder of HEVC, where the graphics have one', () => {
  const whole = recording('ok-coffeelake-i5-8400T-ihd-24.1.0-nonfree-ubuntu24.04.txt').text
  const judge = (text: string, device = coffee, nonFree = true) =>
    judgeVainfo({ text, code: 0, node, generation: generationOf(device ?? ''), nonFree })
  const without = whole.replaceAll(/^.*VAProfileHEVCMain\s*:\s*VAEntrypointVLD\s*$\n?/gm, '')
  expect(without).toMatch(/VAProfileHEVCMain10\s*:\s*VAEntrypointVLD/)
  expect(judge(without)).toMatchObject({ verdict: 'warn', trouble: 'video-no-hevc' })
  expect(judge(without).words).toMatch(/^The driver does not decode HEVC, although these graphics can/)
  // A driver that is wrong altogether is named first.
  expect(short(judge(without, coffee, false))).toBe('warn video-free-driver')
  // Broadwell and older never had it.
  for (const device of [haswell, '8086:1616']) expect(short(judge(without, device))).toBe('pass')
  for (const device of [coffee, jasper, alder, arc, '8086:9a49', '8086:64a0']) {
    expect(generationOf(device ?? '').hevc, device).toBe(true)
    expect(short(judge(without, device)), device).toBe('warn video-no-hevc')
  }
})

test('the free build is found out by its package, because it does not name itself', () => {
  const { text } = recording('ok-arc-a770-dg2-ihd-23.2.3.txt')
  const facts = { text, code: 0, node, generation: generationOf(arc ?? '') }
  expect(short(judgeVainfo({ ...facts, nonFree: false }))).toBe('warn video-free-driver')
  expect(short(judgeVainfo({ ...facts, nonFree: null }))).toBe('pass')
})

test('a library that does not know the driver xe is too old for the graphics', () => {
  const text =
    'libva info: Trying to open /usr/lib/x86_64-linux-gnu/dri/xe_drv_video.so\nlibva info: va_openDriver() returns -1\n'
  const facts = { text, code: 1, node, generation: generationOf('8086:64a0'), nonFree: true }
  expect(short(judgeVainfo(facts))).toBe('fail video-driver-too-old')
})
