import { describe, expect, test } from 'vitest'
import { renderDiagnosis, requirements } from '../../../builder/setup/doctor.ts'
import { atLeast, evaluate } from '../../../builder/setup/evaluate.ts'
import { type Facts, mayEnter } from '../../../builder/setup/facts.ts'
import type { Runner } from '../../../builder/shared/run.ts'

const all = Object.values(requirements.groups)
  .flat()
  .flatMap(each => [...(each.programs ?? []), ...(each.files ?? [])])
const debian = { id: 'debian-13', title: 'Debian 13', family: 'debian' } as const
const ubuntu = { id: 'ubuntu-26.04', title: 'Ubuntu 26.04 LTS', family: 'ubuntu' } as const

const healthy: Facts = {
  node: '24.21.0',
  root: false,
  distribution: { id: 'debian-13', title: 'Debian 13', family: 'debian' },
  present: new Set(all),
  versions: { mmdebstrap: '1.5.7', 'squashfs-tools': '4.6.1' },
  namespaces: '',
  disk: { folder: '/store', freeBytes: 60e9 },
  enters: true,
  kvm: 'open',
  archives: [
    { base: debian, reach: { kind: 'reachable' } },
    { base: ubuntu, reach: { kind: 'reachable' } },
  ],
}
const without = (...names: string[]) => new Set(all.filter(name => !names.includes(name)))
const judge = (facts: Partial<Facts>, asked = false) =>
  evaluate({ ...healthy, ...facts }, requirements, 'ubuntu-26.04', asked)
const bad = (facts: Partial<Facts>, asked = false) =>
  judge(facts, asked)
    .findings.filter(each => each.level !== 'ok')
    .map(each => [each.level, each.text, each.mend])

test('a healthy machine', () => {
  expect(bad({})).toEqual([])
  expect(renderDiagnosis(judge({}))).toEqual([
    '[ ok ] Node 24.21.0.',
    '[ ok ] Runs without root, in user namespaces.',
    '[ ok ] 60.0 GB free in /store.',
    '[ ok ] /dev/kvm opens; whether it runs a machine is tried at its start.',
    '[ ok ] All programs are there.',
    '[ ok ] The archive of Debian 13 answers.',
    '[ ok ] The archive of Ubuntu 26.04 LTS answers.',
    '',
    'This machine can build images.',
  ])
})

test('everything that is missing is told at once, with one command', () => {
  const diagnosis = judge({ present: without('mmdebstrap', 'mcopy', 'qemu-system-x86_64') })
  expect(diagnosis.findings.filter(each => each.level === 'fault').map(each => each.text)).toEqual([
    'mmdebstrap is missing: makes the root file system.',
    'mcopy is missing: fills FAT file systems without mounting them.',
    'qemu-system-x86_64 is missing: boots images.',
  ])
  expect(diagnosis.command).toBe('sudo apt-get install --yes --no-install-recommends mmdebstrap mtools qemu-system-x86')
  expect(judge({ root: true, present: without('cpio') }).command).toBe(
    'apt-get install --yes --no-install-recommends cpio',
  )
  expect(renderDiagnosis(diagnosis).slice(-4)).toEqual([
    'Install all that is missing with:',
    `  ${diagnosis.command}`,
    '',
    '3 things stop builds on this machine.',
  ])
})

describe('each other fault has its mend', () => {
  test('old programs', () => {
    const mend = 'Use Debian 12 or later, or Ubuntu 24.04 or later; a container of one of them will do.'
    expect(bad({ versions: { mmdebstrap: '0.8.4', 'squashfs-tools': '4.4' } })).toEqual([
      ['fault', 'mmdebstrap 0.8.4 is too old: 1.3 or later is needed.', mend],
      ['fault', 'squashfs-tools 4.4 is too old: 4.5 or later is needed.', mend],
    ])
    expect(bad({ node: '20.19.2' })).toEqual([
      ['fault', 'Node 20.19.2 is too old: 24 is needed.', 'Start commands with npm run, which brings its own Node.'],
    ])
  })

  test('no namespaces', () => {
    expect(bad({ namespaces: 'unshare: Operation not permitted' })).toEqual([
      [
        'fault',
        'User namespaces do not work (unshare: Operation not permitted).',
        'Run as root, or: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
      ],
    ])
    expect(bad({ root: true, namespaces: 'unshare: Operation not permitted' })[0]?.[1]).toBe(
      'root may not mount here (unshare: Operation not permitted).',
    )
  })

  test('a full disk', () => {
    expect(bad({ disk: { folder: '/store', freeBytes: 7.9e9 } })).toEqual([
      [
        'fault',
        'Only 7.9 GB free in /store: a build needs 8 GB.',
        'Free some space, or set MEDIASERVER_STORE to a folder on a larger disk.',
      ],
    ])
  })

  test('a home that lets nobody through', () => {
    expect(bad({ disk: { folder: '/home/anna/project', freeBytes: 60e9 }, enters: false })).toEqual([
      [
        'fault',
        'Builds without root cannot enter /home/anna/project: they are another user there.',
        'chmod o+x "$HOME", or set MEDIASERVER_STORE=/var/tmp/mediaserver',
      ],
    ])
  })

  test('no KVM is no fault', () => {
    expect(bad({ kvm: 'absent' }).map(each => each[0])).toEqual(['note'])
    expect(bad({ kvm: 'denied' })[0]?.[2]).toBe('sudo usermod -aG kvm "$USER", then log in again')
  })

  test("Ubuntu's keys are a note where there is no package of them", () => {
    expect(
      bad({
        distribution: { id: 'debian-12', title: 'Debian 12', family: 'debian' },
        present: without('/usr/share/keyrings/ubuntu-archive-keyring.gpg'),
      }),
    ).toEqual([
      [
        'note',
        "/usr/share/keyrings/ubuntu-archive-keyring.gpg is missing: keys of Ubuntu's archive, for the ubuntu bases.",
        'Debian 12 has no package of it.',
      ],
    ])
  })
})

describe('a silent archive', () => {
  const silent = { kind: 'unreachable', reason: 'no answer in time' } as const
  const text = 'The archive of Ubuntu 26.04 LTS cannot be reached (no answer in time).'
  const mend = 'Bases that can be built from here: debian-13: npm run image -- --base debian-13'

  test('is a note while others answer, and a fault when its base was asked for', () => {
    const archives = [healthy.archives[0]!, { base: ubuntu, reach: silent }]
    expect(bad({ archives })).toEqual([['note', text, mend]])
    expect(bad({ archives }, true)).toEqual([['fault', text, mend]])
  })

  test('is a fault when none answers', () => {
    const archives = [
      { base: debian, reach: silent },
      { base: ubuntu, reach: silent },
    ]
    expect(bad({ archives }).map(each => each[0])).toEqual(['note', 'fault'])
  })

  test('that cannot be looked up is a note', () => {
    expect(bad({ archives: [{ base: ubuntu, reach: { kind: 'unknown' } }] })[0]?.[1]).toBe(
      'Whether the archive of Ubuntu 26.04 LTS answers cannot be told.',
    )
  })
})

describe('whether a build gets into a folder', () => {
  const asked: string[] = []
  const where =
    (...works: string[]): Runner =>
    async ({ argv }) => {
      asked.push(argv.join(' '))
      if (!works.includes(argv[2] ?? '')) throw new Error('exit code 25')
      return { stdout: '', stderr: '' }
    }

  test('is asked as the user who builds', async () => {
    expect(await mayEnter('/store', false, where('test', 'true'))).toBe(true)
    expect(asked).toEqual(['mmdebstrap --unshare-helper test -x /store'])
    expect(await mayEnter('/store', false, where('true'))).toBe(false)
  })

  test('is no fault of the folder where there are no namespaces, and none for root', async () => {
    expect(await mayEnter('/store', false, where())).toBe(true)
    expect(await mayEnter('/store', true, where())).toBe(true)
  })
})

test('versions are compared as numbers', () => {
  expect(atLeast('1.10', '1.3')).toBe(true)
  expect(atLeast('1.3', '1.3')).toBe(true)
  expect(atLeast('4.5.1', '4.5')).toBe(true)
  expect(atLeast('4', '4.5')).toBe(false)
  expect(atLeast('24.21.0', '24')).toBe(true)
})
