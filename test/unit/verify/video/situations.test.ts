import { describe, expect, test } from 'vitest'
import { hasGraphics } from '../../../../firstboot/verify/video/devices.ts'
import { mendPermission, removeInvented } from '../../../../firstboot/verify/video/remedies.ts'
import { healthy, healthyFirmware, healthyTree, machineOf, n100, recording } from './machines.ts'
import { findings, sceneOf, type Tree, verdicts } from './scene.ts'

const nothingToProve = {
  'video-node': 'none',
  'video-permission': 'none',
  'video-firmware': 'none',
  'video-driver': 'none',
  'video-encode': 'none',
  'video-busy': 'none',
  'video-plex': 'none',
}

/** All layers above the node fail for the same reason. */
const allFail = (trouble: string) => ({
  'video-gpu': 'pass',
  'video-node': `fail ${trouble}`,
  'video-permission': 'none',
  'video-driver': `fail ${trouble}`,
  'video-encode': `fail ${trouble}`,
  'video-busy': `fail ${trouble}`,
  'video-plex': `fail ${trouble}`,
})

const processor = (name: string): Tree => ({
  '/proc/cpuinfo': `processor\t: 0\nmodel name\t: ${name}\nflags\t\t: fpu vme\n`,
})
const node: Tree = { '/dev/dri/renderD128': '' }
const vgem: Tree = { ...node, '/sys/class/drm/renderD128/device': '-> ../../../vgem' }
const qemu: Tree = {
  '/sys/class/dmi/id/sys_vendor': 'QEMU\n',
  '/proc/cpuinfo': 'processor\t: 0\nmodel name\t: QEMU Virtual CPU version 2.5+\nflags\t\t: fpu hypervisor\n',
}

test('a healthy machine passes up to Plex, which is not there', async () => {
  const { 'video-plex': plex, ...others } = await verdicts(sceneOf(healthyTree(), healthy()))
  expect(new Set(Object.values(others))).toEqual(new Set(['pass']))
  expect(plex).toBe('fail video-plex-down')
})

describe('without Intel graphics', () => {
  test('a virtual machine is no fault, and is named', async () => {
    const scene = sceneOf(machineOf([{ address: '0000:00:01.0', pciId: '1234:1111', driver: 'bochs-drm' }], qemu))
    expect(await verdicts(scene)).toEqual({ 'video-gpu': 'warn video-virtual-machine', ...nothingToProve })
    expect((await findings(scene))['video-gpu']?.words).toContain('QEMU')
  })

  test('the node of virtual graphics is none of ours, and is no fault either', async () => {
    const card = { address: '0000:00:01.0', pciId: '1af4:1050', driver: 'virtio-pci', node: 'renderD128' }
    const found = await verdicts(sceneOf(machineOf([card], qemu), healthy()))
    expect(found).toEqual({ 'video-gpu': 'warn video-virtual-machine', ...nothingToProve, 'video-permission': 'pass' })
  })

  test('a node that nothing stands behind is found, by root or not', async () => {
    const tree = machineOf([], { ...qemu, ...vgem })
    const found = await findings(sceneOf(tree, healthy()))
    expect(found['video-node']).toMatchObject({ verdict: 'fail', trouble: 'video-node-of-nothing' })
    expect(found['video-node']?.words).toContain('vgem')
    expect(found['video-permission']?.verdict).toBe('pass')
    expect(found['video-plex']?.verdict).toBe('none')
  })

  test('and so is one that the user of Plex may not open', async () => {
    const denied = healthy(line =>
      line.includes('exec 3<>')
        ? { code: 2, stderr: 'sh: 1: cannot open /dev/dri/renderD128: Permission denied' }
        : null,
    )
    const found = await findings(sceneOf(machineOf([], { ...qemu, ...vgem }), denied))
    expect(found['video-permission']).toMatchObject({ verdict: 'fail', trouble: 'video-permission' })
  })

  test.each([
    ['an F processor', 'Intel(R) Core(TM) i5-12400F', 'warn video-no-intel'],
    [
      'switched off in the setup of the firmware',
      'Intel(R) Core(TM) i5-8400T CPU @ 1.70GHz',
      'fail video-off-in-setup',
    ],
    ['a processor that does not tell', 'AMD Ryzen 5 5500', 'warn video-no-intel'],
  ])('%s', async (_, name, expected) => {
    expect(await verdicts(sceneOf(machineOf([], processor(name))))).toEqual({
      'video-gpu': expected,
      ...nothingToProve,
    })
  })

  test.each([
    ['AMD', '1002:15bf', 'amdgpu'],
    ['NVIDIA', '10de:1c82', 'nouveau'],
  ])('%s is named, and Plex may still try it', async (vendor, pciId, driver) => {
    const card = { address: '0000:03:00.0', pciId, driver, node: 'renderD128' }
    const scene = sceneOf(machineOf([card], processor('AMD Ryzen 7 8845HS')), healthy())
    expect(await verdicts(scene)).toEqual({
      'video-gpu': 'warn video-other-maker',
      ...nothingToProve,
      'video-permission': 'pass',
      'video-plex': 'fail video-plex-down',
    })
    expect((await findings(scene))['video-gpu']?.words).toContain(vendor)
  })
})

describe('Intel graphics without a node', () => {
  const bare = { address: '0000:00:02.0', pciId: '8086:46d1' }
  test.each([
    ['nomodeset', bare, { '/proc/cmdline': 'quiet nomodeset\n' }, 'video-nomodeset'],
    ['i915.modeset=0', bare, { '/proc/cmdline': 'quiet i915.modeset=0\n' }, 'video-driver-off'],
    ['a black list', bare, { '/proc/cmdline': 'modprobe.blacklist=nouveau,i915\n' }, 'video-driver-off'],
    ['given to a virtual machine', { ...bare, driver: 'vfio-pci' }, {}, 'video-reserved'],
    ['no driver at all', bare, {}, 'video-kernel-too-old'],
  ])('%s', async (_, card, more, trouble) => {
    const found = await verdicts(sceneOf(machineOf([card], more), healthy()))
    expect(found).toEqual({ ...allFail(trouble), 'video-firmware': `fail ${trouble}` })
  })

  test('missing firmware: the layers say the same, and the driver says which file', async () => {
    const log = recording('uc-n100-debian13-firmware-missing.txt').text
    const tree = machineOf([{ ...bare, driver: 'i915' }])
    const scene = sceneOf(
      tree,
      healthy(line => (line.startsWith('journalctl') ? { stdout: log } : null)),
    )
    expect(await verdicts(scene)).toEqual({
      ...allFail('video-firmware-missing'),
      'video-firmware': 'fail video-firmware-missing',
    })
    expect((await findings(scene))['video-firmware']?.words).toContain('i915/tgl_guc_70.bin')
  })

  test('a kernel that is too old says so itself', async () => {
    const log =
      'i915 0000:00:02.0: Your graphics device 46d4 is not properly supported by i915 in this\nkernel version.'
    const scene = sceneOf(
      machineOf([{ ...bare, pciId: '8086:46d4' }]),
      healthy(line => (line.startsWith('journalctl') ? { stdout: log } : null)),
    )
    expect((await findings(scene))['video-node']?.words).toContain('does not know the graphics 46d4')
  })

  test('a node that the kernel has and /dev does not', async () => {
    const { '/dev/dri/renderD128': _, ...tree } = healthyTree()
    expect((await verdicts(sceneOf(tree, healthy())))['video-node']).toBe('fail video-no-node')
  })
})

describe('two devices', () => {
  const nvidia = { address: '0000:01:00.0', pciId: '10de:1c82', driver: 'nvidia', node: 'renderD128' }
  const second = { ...n100, node: 'renderD129' }
  const tree = machineOf([second, nvidia], { ...healthyFirmware, '/proc/4711/fdinfo/5': '' })

  test('the device is chosen by its maker, not by its number', async () => {
    const asked: string[] = []
    const scene = sceneOf(
      tree,
      healthy(line => (asked.push(line), null)),
    )
    const found = await findings(scene)
    expect(found['video-node']?.words).toContain('/dev/dri/renderD129 leads to Intel graphics')
    expect(asked.filter(line => line.includes('renderD128'))).toEqual([])
    for (const program of ['vainfo', 'ffmpeg', 'exec 3<>'])
      expect(asked.some(line => line.includes(program) && line.includes('renderD129'))).toBe(true)
  })

  test('work that was done by the other one is no proof', async () => {
    const elsewhere =
      'drm-driver:\tnvidia\ndrm-pdev:\t0000:01:00.0\ndrm-client-id:\t3\ndrm-engine-video:\t80000000 ns\n'
    const found = await verdicts(sceneOf({ ...tree, '/proc/4711/fdinfo/5': elsewhere }, healthy()))
    expect(found['video-busy']).toBe('fail video-two-devices')
  })
})

describe('the permission of Plex', () => {
  const plexRuns = (groups: string): Tree =>
    healthyTree({
      '/proc/900/status': `Name:\tPlex\nUid:\t801\t801\t801\t801\nGid:\t801\t801\t801\t801\nGroups:\t${groups}\n`,
    })
  const running = healthy(line => (line.startsWith('systemctl show') ? { stdout: '900\n' } : null))

  test('a Plex that was started before it got the group is found', async () => {
    expect((await verdicts(sceneOf(plexRuns('44 801 '), running)))['video-permission']).toBe('fail video-plex-groups')
    expect((await verdicts(sceneOf(plexRuns('44 801 992 '), running)))['video-permission']).toBe('pass')
  })

  test('reading alone is not enough for a running Plex', async () => {
    const readable = healthy(line => {
      if (line.startsWith('stat ')) return { stdout: '640 0 992\n' }
      return line.startsWith('systemctl show') ? { stdout: '900\n' } : null
    })
    expect((await verdicts(sceneOf(plexRuns('992'), readable)))['video-permission']).toBe('fail video-plex-groups')
  })

  test('it is tried as the user of Plex', async () => {
    const asked: string[] = []
    await findings(
      sceneOf(
        healthyTree(),
        healthy(line => (asked.push(line), null)),
      ),
    )
    for (const program of ['vainfo', 'ffmpeg', 'exec 3<>'])
      expect(asked.find(line => line.includes(program))).toContain('setpriv --reuid=801 --regid=801 --init-groups --')
  })

  test('what cannot be tried is no pass', async () => {
    const refused = healthy(line =>
      line.includes('exec 3<>') ? { code: 1, stderr: 'setpriv: setresuid failed: Operation not permitted' } : null,
    )
    expect((await verdicts(sceneOf(healthyTree(), refused)))['video-permission']).toBe('warn video-unseen')
    const late = healthy(line => (line.includes('exec 3<>') ? { code: null } : null))
    expect((await verdicts(sceneOf(healthyTree(), late)))['video-permission']).toBe('warn video-unseen')
  })

  test('a machine without Plex', async () => {
    const found = await verdicts(sceneOf(healthyTree({ '/etc/passwd': 'root:x:0:0::/root:/bin/bash\n' }), healthy()))
    expect(found['video-permission']).toBe('fail video-no-plex')
  })
})

describe('firmware and kernel log', () => {
  const logged = (...lines: string[]) =>
    healthy(line =>
      line.startsWith('journalctl') ? { stdout: ['Initialized i915 1.6.0', ...lines].join('\n') } : null,
    )
  const verdict = async (tree: Tree, programs = logged()) => (await verdicts(sceneOf(tree, programs)))['video-firmware']
  const { '/sys/kernel/debug/dri/0/gt0/uc/huc_info': _, ...withoutHuc } = healthyTree()

  test('a driver that has given up is told, although everything else looks well', async () => {
    const wedged = 'i915 0000:00:02.0: [drm] *ERROR* Failed to reset chip\ni915 0000:00:02.0: [drm] device wedged'
    expect(await verdict(healthyTree(), logged(wedged))).toBe('fail video-wedged')
    const xe = 'xe 0000:00:02.0: [drm] *ERROR* CRITICAL: Xe has declared device 0000:00:02.0 as wedged.'
    expect(await verdict(healthyTree(), logged(xe))).toBe('fail video-wedged')
  })

  test('hangs are counted', async () => {
    const hang = 'i915 0000:00:02.0: [drm] GPU HANG: ecode 12:4:28fffffd, in ffmpeg [4711]'
    expect(await verdict(healthyTree(), logged(hang, hang))).toBe('warn video-hangs')
  })

  test('a newer file that was not found while an older one runs', async () => {
    const line = 'i915 0000:00:02.0: Direct firmware load for i915/adlp_guc_70.1.1.bin failed with error -2'
    expect(await verdict(healthyTree(), logged(line))).toBe('warn video-firmware-old')
    const dmc = 'i915 0000:00:02.0: Direct firmware load for i915/adlp_dmc.bin failed with error -2'
    expect(await verdict(healthyTree(), logged(dmc))).toBe('warn video-firmware-missing')
  })

  test('the helper of the encoders is switched off', async () => {
    const off = 'HuC firmware: i915/tgl_huc.bin\n\tstatus: DISABLED\n'
    const tree = healthyTree({ '/sys/kernel/debug/dri/0/gt0/uc/huc_info': off })
    expect(await verdict(tree)).toBe('warn video-firmware-off')
    expect(await verdict(withoutHuc)).toBe('warn video-unseen')
  })

  test('a state of the firmware that is not told goes before what was logged once', async () => {
    const entered = 'i915 0000:00:02.0: [drm] GT0: HuC: authenticated for all workloads'
    const off = 'HuC firmware: i915/tgl_huc.bin\n\tstatus: DISABLED\n'
    const disabled = healthyTree({ '/sys/kernel/debug/dri/0/gt0/uc/huc_info': off })
    expect(await verdict(disabled, logged(entered))).toBe('warn video-firmware-off')
    const waits = 'GuC firmware: i915/tgl_guc_70.bin\n\tstatus: SELECTED\n'
    const selected = healthyTree({ '/sys/kernel/debug/dri/0/gt0/uc/guc_info': waits })
    const line = 'i915 0000:00:02.0: Direct firmware load for i915/tgl_guc_70.bin failed with error -2'
    expect(await verdict(selected, logged(line))).toBe('fail video-firmware-missing')
  })

  test('xe tells it in other places and other words, and needs its driver named', async () => {
    const at = '/sys/kernel/debug/dri/0000:00:02.0'
    const lunar = machineOf([{ ...n100, pciId: '8086:64a0', driver: 'xe' }], {
      [`${at}/gt0/uc/guc_info`]:
        'GuC firmware: xe/lnl_guc_70.bin\n\tstatus: RUNNING\n\tfound release version 70.44.1\n',
      [`${at}/gt0/uc/huc_info`]: 'HuC firmware: (null)\n\tstatus: N/A\n',
      [`${at}/gt1/uc/guc_info`]:
        'GuC firmware: xe/lnl_guc_70.bin\n\tstatus: RUNNING\n\tfound release version 70.44.1\n',
      [`${at}/gt1/uc/huc_info`]: 'HuC firmware: xe/lnl_huc.bin\n\tstatus: RUNNING\n\tfound release version 9.4.13\n',
    })
    const asked: string[] = []
    const found = await findings(
      sceneOf(
        lunar,
        healthy(line => (asked.push(line), null)),
      ),
    )
    expect(found['video-firmware']).toMatchObject({
      verdict: 'pass',
      words: 'The video firmware runs: GuC 70.44.1, HuC 9.4.13.',
    })
    expect(asked.find(line => line.includes('vainfo'))).toContain('env LIBVA_DRIVER_NAME=iHD vainfo')
  })

  test('the files of another device say nothing of this one', async () => {
    const other = { '/sys/kernel/debug/dri/0/name': 'i915 dev=0000:03:00.0 unique=0000:03:00.0\n' }
    expect(await verdict(healthyTree(other))).toBe('warn video-unseen')
  })

  test('old graphics have no firmware; a log without their driver is no proof', async () => {
    const haswell = { ...n100, pciId: '8086:0412' }
    expect(await verdict(machineOf([haswell]))).toBe('pass')
    expect(
      await verdict(
        machineOf([haswell]),
        healthy(line => (line.startsWith('journalctl') ? {} : null)),
      ),
    ).toBe('warn video-unseen')
    const unread = healthy(line => (line.startsWith('journalctl') ? { code: 1 } : null))
    expect(await verdict(machineOf([haswell]), unread)).toBe('warn video-unseen')
  })
})

test.each([
  ['Intel Core i5-8400T', true],
  ['Intel Core i7-9700KF', false],
  ['12th Gen Intel Core i5-12400F', false],
  ['Intel Core i9-10980XE', false],
  ['Intel Core i7-5820K', null],
  ['Intel N100', true],
  ['Intel Core i3-N305', true],
  ['Intel Core Ultra 7 155H', true],
  ['Intel Core Ultra 7 265KF', false],
  ['Intel Celeron N5105', true],
  ['Intel Pentium Gold G6400', true],
  ['Intel Celeron G5905F', false],
  ['Intel Xeon E-2224', null],
  ['AMD Ryzen 5 5500', null],
  ['QEMU Virtual CPU version 2.5+', null],
])('graphics inside %s: %s', (name, expected) => expect(hasGraphics(name)).toBe(expected))

describe('what mends by itself', () => {
  test('says what was done', async () => {
    const asked: string[] = []
    const scene = sceneOf({ '/sys/module/vgem/refcnt': '0' }, line => (asked.push(line), {}))
    expect(await mendPermission(scene)).toContain('usual rights')
    expect(await removeInvented(scene)).toContain('vgem')
    expect(asked).toEqual([
      'udevadm trigger --settle --subsystem-match=drm --action=change',
      '/usr/lib/mediaserver/plex-groups',
      'modprobe --remove vgem',
    ])
  })

  test('and throws what a person understands', async () => {
    const scene = sceneOf({ '/sys/module/vgem/refcnt': '1' }, () => ({ code: 1 }))
    await expect(mendPermission(scene)).rejects.toThrow('usual rights')
    await expect(removeInvented(scene)).rejects.toThrow('in use')
    await expect(removeInvented(sceneOf({}))).rejects.toThrow('No driver is loaded')
  })
})
