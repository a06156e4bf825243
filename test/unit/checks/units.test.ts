import { describe, expect, test } from 'vitest'
import { isUnit, judgeUnits, lostLinks, systemdVersion } from '../../../builder/checks/units.ts'

const folder = '/tmp/units-x'
const units = ['mediaserver-live.target', 'mediaserver-setup@.service']
const judge = (version: number, exitCode: number, ...lines: readonly string[]) =>
  judgeUnits({ exitCode, output: lines.join('\n') }, folder, units, version)

describe('what systemd says of our units', () => {
  test('a setting that an old systemd does not know yet is told; on a newer one it is a fault', () => {
    const line = `${folder}/mediaserver-setup@.service:22: Unknown key 'RestartSteps' in section [Service], ignoring.`
    expect(judge(252, 0, line)).toEqual({
      faults: [],
      notes: ["RestartSteps is newer than this machine's systemd 252"],
    })
    expect(judge(257, 0, line).faults).toEqual([
      "mediaserver-setup@.service:22: Unknown key 'RestartSteps' in section [Service], ignoring.",
    ])
  })

  test('a misspelt setting is a fault on every version', () => {
    const line = `${folder}/mediaserver-setup@.service:9: Unknown key name 'ExecStrat' in section 'Service', ignoring.`
    expect(judge(252, 0, line).faults).toHaveLength(1)
    expect(judge(257, 0, line).faults).toHaveLength(1)
  })

  test('programs that only the image has are let pass', () => {
    const line =
      'mediaserver-setup@i.service: Command /usr/bin/mediaserver is not executable: No such file or directory'
    expect(judge(252, 1, line)).toEqual({ faults: [], notes: [] })
  })

  test("the machine's own units are not our fault", () => {
    expect(
      judge(257, 0, "/usr/lib/systemd/system/cups.service:3: Unknown key 'Odd' in section [Unit].").faults,
    ).toEqual([])
  })

  test('a failure that names none of our units is told as it is', () => {
    expect(judge(257, 1, 'Failed to initialize manager: Permission denied').faults).toEqual([
      'Failed to initialize manager: Permission denied',
      'systemd-analyze ended with exit code 1',
    ])
  })
})

test('the version is read from its first line', () => {
  expect(systemdVersion('systemd 252 (252.38-1~deb12u1)\n+PAM +AUDIT')).toBe(252)
  expect(systemdVersion('systemd 259 (259~rc1)\n')).toBe(259)
  expect(systemdVersion('nonsense')).toBe(0)
})

test('units are told by where they lie', () => {
  expect(isUnit('overlays/root/usr/lib/systemd/system/a@.service')).toBe(true)
  expect(isUnit('overlays/root/usr/lib/systemd/system/x.target.wants/a.service')).toBe(false)
  expect(isUnit('overlays/root/usr/lib/systemd/network/a.network')).toBe(false)
  expect(isUnit('test/fixtures/systemd/system/a.service')).toBe(false)
})

test('a link that starts a unit is a fault, whether a checkout kept it as a link or not', () => {
  expect(lostLinks(['overlays/root/usr/lib/systemd/system/x.target.wants/a.service'])).toHaveLength(1)
  expect(lostLinks(['overlays/root/usr/lib/systemd/system/x.target.d/a.conf'])).toEqual([])
})
