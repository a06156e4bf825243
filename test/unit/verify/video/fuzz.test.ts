import { describe, expect, test } from 'vitest'
import { generationOf } from '../../../../firstboot/graphics/generation.ts'
import { parseSession } from '../../../../firstboot/plex/transcode.ts'
import { judgeBusy } from '../../../../firstboot/verify/video/judge-busy.ts'
import { faultOf } from '../../../../firstboot/verify/video/judge-encode.ts'
import { judgeFirmware } from '../../../../firstboot/verify/video/judge-firmware.ts'
import { judgeVainfo } from '../../../../firstboot/verify/video/judge-vainfo.ts'
import { addLook, noUsage, parseFdinfo } from '../../../../firstboot/verify/video/parse-fdinfo.ts'
import { isAboutGraphics, parseDriverLog, parseFirmware } from '../../../../firstboot/verify/video/parse-firmware.ts'
import { parseGpuTop } from '../../../../firstboot/verify/video/parse-gpu-top.ts'
import { parsePlexLog } from '../../../../firstboot/verify/video/parse-plex-log.ts'
import { parseVpl } from '../../../../firstboot/verify/video/parse-vpl.ts'
import { parseGroups, parseStat } from '../../../../firstboot/verify/video/permission.ts'
import { counted, encoded, healthyFirmware, recording } from './machines.ts'

/** The same numbers for the same seed, so that a failure can be seen again (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below)
  }
}

const signs = [...'\u0000\t\n\r "\'()[]{}<>:=*-./\\%0123456789aAzZé\u2028\ufffd😀']

/** A text with some damage: cut, lines lost, doubled or in another order, signs changed. */
function damaged(text: string, next: (below: number) => number): string {
  let result = text
  for (let times = 1 + next(4); times > 0; times--) {
    const lines = result.split('\n')
    const line = next(lines.length)
    const at = next(result.length + 1)
    switch (next(7)) {
      case 0:
        result = result.slice(0, at)
        break
      case 1:
        result = result.slice(at)
        break
      case 2:
        result = lines.toSpliced(line, 1 + next(3)).join('\n')
        break
      case 3:
        result = lines.toSpliced(line, 0, lines[next(lines.length)] ?? '').join('\n')
        break
      case 4:
        result = lines.toSorted(() => next(3) - 1).join('\n')
        break
      default:
        result = result.slice(0, at) + signs[next(signs.length)] + result.slice(at + next(2))
    }
  }
  return result
}

const SEEDS = 1500

/** Tries a reader on damaged texts of a recording; a failure tells the number that makes it again. */
function attack(text: string, judge: (damagedText: string, next: (below: number) => number) => void): void {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const next = numbers(seed)
    const mutant = damaged(text, next)
    try {
      judge(mutant, next)
    } catch (error) {
      throw new Error(`seed ${seed}: ${JSON.stringify(mutant).slice(0, 400)}`, { cause: error })
    }
  }
}

const any = <T>(of: readonly T[], next: (below: number) => number): T => of[next(of.length)] as T
const generations = ['0412', '1616', '3e91', '4e61', '9a49', '46d1', '56a0', '64a0'].map(id =>
  generationOf(`8086:${id}`),
)

describe('vainfo, damaged', () => {
  const facts = { node: '/dev/dri/renderD128', nonFree: true }

  test.each([
    'fail-alderlake-ihd-init-failed-returns-1.txt',
    'fail-debian13-no-dri-default.txt',
    'fail-debian13-node-open-denied.txt',
    'fail-dgpu-kernel-too-old-chip-id.txt',
    'fail-driver-package-missing.txt',
    'fail-ihd-invalid-parameter-18.txt',
    'fail-jasperlake-i965-then-null-name.txt',
    'fail-libva-driver-name-null.txt',
    'other-amd-780m-radeonsi-26.1.5.txt',
    'partial-coffeelake-ihd-dlopen-fails-then-i965.txt',
  ])('%s never passes, however the program ends', name =>
    attack(recording(name).text, (text, next) => {
      const code = any([0, 1, 3, null], next)
      const finding = judgeVainfo({ ...facts, text, code, generation: any(generations, next) })
      expect(finding.verdict).not.toBe('none')
      expect(finding.verdict).not.toBe('pass')
      expect(finding.trouble).toBeDefined()
    }),
  )

  test.each([
    'ok-arc-a770-dg2-ihd-23.2.3.txt',
    'ok-coffeelake-i5-8400T-ihd-24.1.0-nonfree-ubuntu24.04.txt',
    'ok-haswell-i965-2.4.1.txt',
    'ok-uhd770-ihd-24.1.5-jellyfin-ffmpeg.txt',
  ])('%s passes only with a driver of Intel and an encoder of H.264 in it', name =>
    attack(recording(name).text, (text, next) => {
      const code = any([0, 0, 1, null], next)
      const { verdict } = judgeVainfo({ ...facts, text, code, generation: any(generations, next) })
      if (verdict !== 'pass' && verdict !== 'warn') return
      expect(code).toBe(0)
      expect(text).toMatch(/Driver version:\s*Intel (?:iHD|i965) driver/)
      expect(text).toMatch(/VAProfileH264\w+\s*:\s*VAEntrypointEncSlice/)
    }),
  )
})

describe('ffmpeg, damaged', () => {
  test.each([
    'ffmpeg-debian13-no-dri-qsv-childdevice.txt',
    'ffmpeg-debian13-no-dri-qsv-nodevice.txt',
    'ffmpeg-debian13-no-dri-vaapi.txt',
    'ffmpeg-debian13-silent-software-fallback.txt',
    'ffmpeg-mfx-session-minus3-no-vpl-runtime.txt',
    'fail-virtio-gpu-ffmpeg-excerpt.txt',
  ])('%s never passes, however the program ends', name =>
    attack(recording(name).text, (text, next) => {
      const way = any(['Quick Sync', 'VA-API', 'VA-API, low power'] as const, next)
      expect(faultOf({ way, text, code: any([0, 1, 171, 234, null], next) })?.verdict).toBe('fail')
    }),
  )

  test('a good encode passes only with its encoder, its driver, all frames, its end and its exit code', () =>
    attack(encoded('h264_vaapi'), (text, next) => {
      const code = any([0, 0, 0, 1, null], next)
      const way = any(['VA-API', 'VA-API', 'Quick Sync'] as const, next)
      if (faultOf({ way, text, code }) !== null) return
      expect([code, way]).toEqual([0, 'VA-API'])
      expect(text).toMatch(/VAAPI driver:\s*Intel (?:iHD|i965) driver/)
      expect(text).toMatch(/\(h264_vaapi\)/)
      expect(text).toMatch(/^progress=end/m)
      expect(
        Math.max(...[...text.matchAll(/^frame=\s*(\d+)/gm)].map(match => Number(match[1]))),
      ).toBeGreaterThanOrEqual(300)
    }))
})

describe('firmware and kernel log, damaged', () => {
  const judge = (text: string, next: (below: number) => number) =>
    judgeFirmware(
      { firmware: parseFirmware(text), log: parseDriverLog(text.split('\n').filter(isAboutGraphics)) },
      // Those that need no firmware are content without it.
      any(
        generations.filter(({ firmware }) => firmware !== 'none'),
        next,
      ),
    ).verdict

  test('a graphics device without firmware never passes', () =>
    attack(recording('uc-n100-debian13-firmware-missing.txt').text, (text, next) => {
      expect(judge(text, next)).toMatch(/^(?:fail|warn)$/)
    }))

  test.each(['uc-huc-running-dg2.txt', 'uc-huc-running-tgl.txt', 'uc-n100-debian13-healthy-dmesg.txt'])(
    '%s passes only where it says that the helper of the encoders runs',
    name =>
      attack(recording(name).text, (text, next) => {
        const says = /HuC firmware:[\s\S]*RUNNING|HuC:? authenticated/.test(text)
        expect(judge(text, next) === 'pass' && !says).toBe(false)
      }),
  )

  test('the driver that gave up is found whatever is lost around it', () => {
    const all = Object.values(healthyFirmware).join('')
    attack(all, (text, next) => expect(judge(`${text}\n[drm] GT0: declaring it wedged!`, next)).toBe('fail'))
  })
})

describe('the work of the engine, damaged', () => {
  test.each([recording('fdinfo-i915.txt').text, counted(0)])(
    'an idle one passes only when its number was changed',
    idle =>
      attack(idle, text => {
        const client = parseFdinfo(text)
        const { verdict } = judgeBusy(addLook(noUsage, client === null ? [] : [client]), '0000:00:02.0', null)
        const says = /^drm-engine-video:[ \t]*[1-9]\d{6,} ns[ \t]*$/m.test(text)
        expect(verdict === 'pass' && !says).toBe(false)
      }),
  )

  test('what intel_gpu_top measured stays between nothing and all', () =>
    attack(recording('intel_gpu_top-json-two-samples.txt').text, text => {
      const busy = parseGpuTop(text) ?? 0
      expect(busy).toBeGreaterThanOrEqual(0)
      expect(busy).toBeLessThanOrEqual(100)
    }))

  test('and nothing is measured where there is no device', () =>
    attack(recording('intel_gpu_top-debian13-no-gpu-json.txt').text, text => expect(parseGpuTop(text)).toBeNull()))
})

describe('the rest, damaged', () => {
  test('no implementation of Quick Sync is made up', () =>
    attack(recording('vpl-inspect-debian13-no-gpu.txt').text, text => expect(parseVpl(text) ?? 0).toBe(0)))

  test('the log of Plex is read whatever is in it', () =>
    attack(
      `${recording('plexlog-vaapi-hw-ok-2017.txt').text}hardware transcoding: final decoder: , final encoder: \n`,
      text => {
        const { by, lines } = parsePlexLog(text)
        expect(['hardware', 'software', 'unknown']).toContain(by)
        expect(lines.length).toBeLessThanOrEqual(6)
      },
    ))

  test('a session of Plex without a named encoder is never hardware', () => {
    const answer = JSON.stringify({
      MediaContainer: {
        TranscodeSession: [
          { key: '/transcode/sessions/one', progress: 3.5, videoDecision: 'transcode', transcodeHwRequested: true },
          { key: '/transcode/sessions/two', progress: 3.5, transcodeHwDecoding: '', transcodeHwEncoding: 'none' },
        ],
      },
    })
    attack(answer, (text, next) =>
      expect(parseSession(text, any(['one', 'two'], next))?.encoding ?? '').not.toBe('vaapi'),
    )
  })

  test('rights and groups are numbers or nothing', () =>
    attack('660 0 992\nUid:\t801\t801\nGid:\t801\t801\nGroups:\t44 992\n', text => {
      expect(parseStat(text)?.mode ?? 0).not.toBeNaN()
      expect(parseGroups(text)?.uid ?? 0).not.toBeNaN()
    }))
})
