import { describe, expect, test } from 'vitest'
import {
  decideInstall,
  distributionOf,
  missingRequirements,
  sameInstall,
  type Machine,
  type Requirements,
} from '../../../builder/setup/decide.mjs'
import json from '../../../builder/setup/requirements.json' with { type: 'json' }

const requirements: Requirements = json
const everything = Object.values(requirements.groups)
  .flat()
  .flatMap(each => [...(each.programs ?? []), ...(each.files ?? [])])
const releases = {
  'debian-12': distributionOf('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n'),
  'debian-13': distributionOf('PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_ID="13"\n'),
  'ubuntu-24.04': distributionOf('PRETTY_NAME="Ubuntu 24.04.4 LTS"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n'),
  'ubuntu-26.04': distributionOf('PRETTY_NAME="Ubuntu 26.04 LTS"\nVERSION_ID="26.04"\nID=ubuntu\nID_LIKE=debian\n'),
  fedora: distributionOf('NAME="Fedora Linux"\nPRETTY_NAME="Fedora Linux 43"\nID=fedora\nVERSION_ID=43\n'),
}

function machine(distribution: keyof typeof releases, lacks: readonly string[], root = true): Machine {
  const has = (name: string) => everything.includes(name) && !lacks.includes(name)
  return { root, distribution: releases[distribution], hasProgram: has, hasFile: has }
}

const packages = (
  distribution: keyof typeof releases,
  lacks: readonly string[],
  groups = ['build', 'vm', 'lint'],
  root = true,
) => missingRequirements(requirements, groups, machine(distribution, lacks, root)).map(each => each.package)

test('the distribution is known by its os-release', () => {
  expect(Object.values(releases).map(({ id, family }) => [id, family])).toEqual([
    ['debian-12', 'debian'],
    ['debian-13', 'debian'],
    ['ubuntu-24.04', 'ubuntu'],
    ['ubuntu-26.04', 'ubuntu'],
    ['fedora-43', undefined],
  ])
  expect(distributionOf('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toEqual({
    id: 'linuxmint',
    title: 'linuxmint',
    family: 'ubuntu',
  })
})

describe('missing packages', () => {
  test('none when all is there', () => expect(packages('debian-13', [])).toEqual([]))

  test('one missing program of several is enough; all missing files are', () => {
    expect(packages('debian-13', ['mmd', 'sfdisk'])).toEqual(['mtools', 'fdisk'])
    expect(packages('debian-13', ['/usr/share/OVMF/OVMF_CODE_4M.fd'])).toEqual([])
    expect(packages('debian-13', ['/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_CODE.fd'])).toEqual(['ovmf'])
  })

  test('only of the groups that a command needs', () => {
    expect(packages('debian-13', ['qemu-system-x86_64', 'shellcheck', 'mmdebstrap'], ['build'])).toEqual(['mmdebstrap'])
  })

  test('root needs no uidmap', () => {
    expect(packages('debian-13', ['newuidmap'], ['build'])).toEqual([])
    expect(packages('debian-13', ['newuidmap'], ['build'], false)).toEqual(['uidmap'])
  })

  test("Ubuntu's keys have another package on each distribution", () => {
    const keys = ['/usr/share/keyrings/ubuntu-archive-keyring.gpg']
    expect((['debian-12', 'debian-13', 'ubuntu-24.04', 'ubuntu-26.04'] as const).map(id => packages(id, keys))).toEqual(
      [[null], ['ubuntu-archive-keyring'], ['ubuntu-keyring'], ['ubuntu-keyring']],
    )
  })
})

describe('what is done about it', () => {
  const decide = (distribution: keyof typeof releases, lacks: readonly string[], root: boolean, sudo: boolean) => {
    const here = machine(distribution, lacks, root)
    return decideInstall(missingRequirements(requirements, ['build', 'vm'], here), { ...here, sudo: () => sudo })
  }

  test('root installs, sudo installs, others are told the one command', () => {
    expect(decide('debian-13', ['mcopy', 'cpio'], true, false)).toEqual({
      kind: 'install',
      packages: ['cpio', 'mtools'],
      prefix: [],
    })
    expect(decide('debian-13', ['cpio'], false, true)).toEqual({
      kind: 'install',
      packages: ['cpio'],
      prefix: ['sudo', '-n'],
    })
    expect(decide('ubuntu-24.04', ['cpio', 'zstd'], false, false)).toEqual({
      kind: 'tell',
      packages: ['cpio', 'zstd'],
      command: 'sudo apt-get install --yes --no-install-recommends cpio zstd',
    })
  })

  test('what is only good to have stops nobody', () => {
    const keys = ['/usr/share/keyrings/ubuntu-archive-keyring.gpg']
    expect(decide('debian-12', keys, true, false)).toEqual({ kind: 'nothing' })
    expect(decide('debian-13', keys, false, false)).toEqual({ kind: 'nothing' })
  })

  test('another system is told what to install', () => {
    expect(decide('fedora', ['mmdebstrap', 'mmd'], true, false)).toEqual({
      kind: 'refuse',
      text: 'Fedora Linux 43 is not Debian or Ubuntu; install these yourself: mmdebstrap, mcopy, mmd',
    })
    expect(decide('fedora', [], false, false)).toEqual({ kind: 'nothing' })
  })
})

test('npm has installed what the lock file asks for', () => {
  const lock = (packages: object) => JSON.stringify({ packages: { '': { name: 'x' }, ...packages } })
  const a = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } }
  const other = { 'node_modules/b-darwin': { version: '1.0.0', optional: true } }
  expect(sameInstall(lock({ ...a, ...other }), lock(a))).toBe(true)
  expect(sameInstall(lock(a), lock({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } }))).toBe(false)
  expect(sameInstall(lock({ ...a, 'node_modules/c': { version: '2.0.0' } }), lock(a))).toBe(false)
  expect(sameInstall(lock({}), lock(a))).toBe(false)
})
