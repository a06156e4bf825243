import { expect, test } from 'vitest'
import { incompleteWarnings } from '../../../builder/steps/root.ts'
import { rootCommand, type RootParams } from '../../../builder/steps/root-command.ts'

const params: RootParams = {
  suite: 'trixie',
  packages: ['linux-image-amd64', 'nano'],
  disable: ['docker.service'],
  system: { hostname: 'mediaserver', locale: 'en_US.UTF-8', timezone: 'Etc/UTC', keyboard: 'us' },
  sources: 'deb http://archive.example/debian trixie main\n',
  epoch: 1795478400,
  compressionLevel: 3,
  shim: '/shim',
  mokManager: '/mm',
  signedGrub: '/grub',
  plex: { install: 'baked', signed: true, repository: true },
}
const paths = {
  archive: '/A',
  overlay: '/O.tar',
  node: '/N',
  squashfs: '/Q',
  boot: '/B',
  temporary: '/T',
  sourcesList: '/S',
  plex: { archive: '/P', sources: '/P/s', key: '/P/k' },
}

test.each(['root', 'unshare'] as const)(
  'the one call that makes the root file system is the golden one (%s)',
  async mode => {
    await expect(`${JSON.stringify(rootCommand(params, paths, mode), null, 2)}\n`).toMatchFileSnapshot(
      `../../golden/root-command.${mode}.json`,
    )
  },
)

test('nothing that mmdebstrap starts outlives the builder', () => {
  expect(rootCommand(params, paths, 'root').argv.slice(0, 9)).toEqual([
    'setpriv',
    '--pdeathsig',
    'KILL',
    'unshare',
    '--mount',
    '--pid',
    '--fork',
    '--kill-child=KILL',
    '--mount-proc',
  ])
  expect(rootCommand(params, paths, 'unshare').argv.slice(0, 6)).toEqual([
    'setsid',
    'setpriv',
    '--pdeathsig',
    'TERM',
    'sh',
    '-c',
  ])
})

test.each([
  'W: cannot mount because CAP_SYS_ADMIN is not in the effective set',
  'W: cannot mount because unshare --mount failed',
  'W: cannot execute mount',
  'W: skipping mount proc',
  'W: skipping mount sysfs',
  'W: skipping bind-mounting ./dev/null',
  'W: skipping mounting /proc because /proc does not exist on the outside',
])('a system that was made without its mounts has holes: %s', line => {
  expect(incompleteWarnings(`I: running\n${line}\nI: success in 60 seconds\n`)).toEqual([line])
})

test.each([
  'W: skipping mounting of proc because the /proc directory is missing in the target',
  'W: skipping mounting of sysfs because the /sys directory is missing in the target',
  'I: skipping chroot/mount/proc as requested',
  'dpkg: cannot mount nothing',
])('other words are no alarm: %s', line => {
  expect(incompleteWarnings(`${line}\n`)).toEqual([])
})
