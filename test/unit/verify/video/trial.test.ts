import { describe, expect, test } from 'vitest'
import { generationOf } from '../../../../firstboot/graphics/generation.ts'
import { waysOf } from '../../../../firstboot/verify/video/trial.ts'
import { counted, encoded, healthy, healthyFirmware, healthyTree, machineOf, n100, recording } from './machines.ts'
import { findings, type Programs, sceneOf, type Tree, verdicts } from './scene.ts'

const trial = async (tree: Tree | (() => Tree), programs: Programs) => {
  const { 'video-encode': encode, 'video-busy': busy } = await verdicts(sceneOf(tree, programs))
  return { encode, busy }
}
const when = (pattern: RegExp, ended: ReturnType<Programs>): Programs =>
  healthy(line => (pattern.test(line) ? ended : null))

test.each([
  ['8086:46d1', 'Quick Sync, VA-API, VA-API, low power'],
  ['8086:9a49', 'Quick Sync, VA-API, VA-API, low power'],
  ['8086:56a0', 'Quick Sync, VA-API, low power, VA-API'],
  ['8086:3e91', 'VA-API, VA-API, low power'],
  ['8086:4e61', 'VA-API, low power, VA-API'],
  ['8086:0412', 'VA-API, VA-API, low power'],
])('%s is tried by %s', (pciId, ways) => expect(waysOf({ generation: generationOf(pciId) }).join(', ')).toBe(ways))

test('one film serves both checks, and what was measured is in the words', async () => {
  let times = 0
  const scene = sceneOf(
    healthyTree(),
    healthy(line => (line.includes('ffmpeg') && times++, null)),
  )
  const found = await findings(scene)
  expect(times).toBe(1)
  expect(found['video-encode']?.words).toMatch(/^300 frames of 720p were encoded by Quick Sync in \d+\.\d s\.$/)
  expect(found['video-busy']?.words).toBe('The video engine worked 0.81 s for ten seconds of film.')
})

test('without the runtime of Quick Sync it is tried by VA-API, and told', async () => {
  const { text, code } = recording('ffmpeg-debian13-no-dri-qsv-nodevice.txt')
  const programs = healthy(line => {
    if (line.includes('vpl-inspect')) return { stdout: recording('vpl-inspect-debian13-no-gpu.txt').text }
    return line.includes('h264_qsv') ? { stderr: text, code } : null
  })
  const found = await findings(sceneOf(healthyTree(), programs))
  expect(found['video-encode']).toMatchObject({ verdict: 'warn', trouble: 'video-quick-sync' })
  expect(found['video-encode']?.detail?.at(-1)).toBe('implementations of Quick Sync that are found: 0')
  expect(found['video-busy']?.verdict).toBe('pass')
})

describe('Jasper Lake', () => {
  const tree = machineOf([{ ...n100, pciId: '8086:4e61' }], { ...healthyFirmware, '/proc/4711/fdinfo/5': counted(9e8) })

  test('has only the low-power encoder', async () => {
    const normal = /h264_vaapi -b:v/
    const text =
      '[h264_vaapi @ 0x1] No usable encoding entrypoint found for profile VAProfileH264High (7).\nConversion failed!'
    expect(await trial(tree, when(normal, { code: 218, stderr: text }))).toEqual({ encode: 'pass', busy: 'pass' })
  })

  test('which cannot keep to a bit rate without its firmware', async () => {
    const text = '[h264_vaapi @ 0x606] Driver does not support VBR RC mode (supported modes: CQP).\nConversion failed!'
    expect(await trial(tree, when(/h264_vaapi/, { code: 234, stderr: text }))).toEqual({
      encode: 'fail video-firmware-off',
      busy: 'fail video-firmware-off',
    })
  })
})

describe('is never taken for a proof:', () => {
  test.each([
    ['an exit code of 0 alone', { code: 0 }, 'video-software'],
    ['an encoder of the processor', { stdout: encoded('libx264') }, 'video-software'],
    ['frames that are missing', { stdout: encoded('h264_vaapi', 299) }, 'video-encode'],
    ['an end that was not reached', { stdout: encoded('h264_vaapi').replace('progress=end', '') }, 'video-encode'],
    ['a deadline', { code: null, stdout: encoded('h264_vaapi') }, 'video-encode'],
    ['another exit code', { code: 1, stdout: encoded('h264_vaapi') }, 'video-encode'],
    [
      'a driver of another maker',
      { stdout: encoded('h264_vaapi').replace('Intel iHD', 'Mesa Gallium') },
      'video-wrong-driver',
    ],
    ['no driver', { stdout: encoded('h264_vaapi').replace('VAAPI driver', '') }, 'video-software'],
    [
      'ffmpeg that is not there',
      { code: 127, stderr: 'setpriv: failed to execute ffmpeg: No such file or directory' },
      'video-tools',
    ],
  ])('%s', async (_, ended, trouble) => {
    const tree = machineOf([{ ...n100, pciId: '8086:3e91' }], {
      ...healthyFirmware,
      '/proc/4711/fdinfo/5': counted(9e8),
    })
    expect(await trial(tree, when(/ffmpeg/, ended))).toEqual({ encode: `fail ${trouble}`, busy: `fail ${trouble}` })
  })
})

test('what hangs is said to hang, and is not tried again', async () => {
  let times = 0
  const hangs = healthy(line => (line.includes('ffmpeg') ? (times++, { code: null }) : null))
  const found = await findings(sceneOf(healthyTree(), hangs))
  expect(found['video-encode']?.words).toBe('An encode by Quick Sync did not end in time.')
  expect(times).toBe(1)
})

describe('the engine', () => {
  const busy = async (fdinfo: Tree, pciId = '8086:46d1', programs = healthy()) => {
    const tree = machineOf([{ ...n100, pciId }], { ...healthyFirmware, ...fdinfo })
    return (await verdicts(sceneOf(tree, programs)))['video-busy']
  }
  const at = '/proc/4711/fdinfo'
  const xe = (cycles: string) =>
    `drm-driver:\txe\ndrm-pdev:\t0000:00:02.0\ndrm-client-id:\t25\ndrm-cycles-vcs:\t${cycles}\n` +
    'drm-total-cycles-vcs: 35989466732\n'

  test('of xe counts ticks', async () => {
    expect(await busy({ [`${at}/5`]: xe('5346016') })).toBe('pass')
    expect(await busy({ [`${at}/5`]: xe('0') })).toBe('fail video-engine-idle')
  })

  test('that did nothing is found', async () => {
    expect(await busy({ [`${at}/5`]: recording('fdinfo-i915.txt').text })).toBe('fail video-engine-idle')
    expect(await busy({ [`${at}/5`]: counted(999_999) })).toBe('fail video-engine-idle')
  })

  test('that cannot be seen is no pass', async () => {
    expect(await busy({})).toBe('warn video-engine-unseen')
    const uncounted = 'drm-driver:\ti915\ndrm-pdev:\t0000:00:02.0\ndrm-client-id:\t9\n'
    expect(await busy({ [`${at}/5`]: uncounted })).toBe('warn video-engine-unseen')
  })

  test('of a client that is open twice is counted once', async () => {
    const tree = healthyTree({ [`${at}/6`]: counted(812_000_000), [`${at}/1`]: 'pos:\t0\nflags:\t02\n' })
    expect((await findings(sceneOf(tree, healthy())))['video-busy']?.words).toContain('0.81 s')
  })

  test('of old graphics is measured by intel_gpu_top', async () => {
    const uncounted = { [`${at}/5`]: 'drm-driver:\ti915\ndrm-pdev:\t0000:00:02.0\ndrm-client-id:\t9\n' }
    const measured = (name: string) => when(/intel_gpu_top/, { stdout: recording(name).text })
    expect(await busy(uncounted, '8086:0412', measured('intel_gpu_top-json-two-samples.txt'))).toBe('pass')
    expect(await busy(uncounted, '8086:0412', measured('intel_gpu_top-debian13-no-gpu-json.txt'))).toBe(
      'warn video-engine-unseen',
    )
    const idle = recording('intel_gpu_top-json-two-samples.txt').text.replace('16.355876', '0.0')
    expect(await busy(uncounted, '8086:0412', when(/intel_gpu_top/, { stdout: idle }))).toBe('fail video-engine-idle')
  })
})
