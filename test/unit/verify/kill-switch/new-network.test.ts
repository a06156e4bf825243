import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cataloguePath } from '../../../../firstboot/stack/catalogue.ts'
import type { Scene } from '../../../../firstboot/verify/check.ts'
import { inNewNetwork } from '../../../../firstboot/verify/kill-switch/new-network.ts'
import { lookAtRules } from '../../../../firstboot/verify/kill-switch/rules.ts'

type Attempt = Scene['attempt']

/** Programs of a machine that makes networks, by what they were called with. */
function programs(answers: (line: string) => string | null) {
  const called: string[] = []
  let alive = 0
  const attempt: Attempt = async (argv, follow = {}) => {
    const line = argv.join(' ')
    called.push(line)
    if (argv[0] !== 'unshare') {
      const stdout = answers(line)
      return { code: stdout === null ? 1 : 0, stdout: stdout ?? '', stderr: '' }
    }
    alive += 1
    follow.onLine?.('pid 4711')
    if (typeof follow.input === 'object') for await (const _ of follow.input) continue
    alive -= 1
    return { code: 0, stdout: '', stderr: '' }
  }
  return { attempt, called, alive: () => alive }
}

describe('a network for a moment', () => {
  test('is entered from outside, and gone afterwards, also when something in it fails', async () => {
    const { attempt, called, alive } = programs(() => 'done')
    const said = await inNewNetwork({ attempt }, async enter => {
      expect(alive()).toBe(1)
      return (await attempt(enter('nft', 'list', 'ruleset'))).stdout
    })
    expect([said, alive(), called.at(-1)]).toEqual(['done', 0, 'nsenter --target 4711 --net -- nft list ruleset'])
    await expect(inNewNetwork({ attempt }, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(alive()).toBe(0)
  })

  test('is not there when the kernel refuses it', async () => {
    const attempt: Attempt = async () => ({ code: 1, stdout: '', stderr: 'unshare failed: Operation not permitted' })
    await expect(inNewNetwork({ attempt }, () => Promise.resolve(1))).rejects.toThrow(
      'No network could be made: unshare failed: Operation not permitted',
    )
  })
})

test('the rules are loaded by no child of unshare, which could not do so where AppArmor restricts them', async () => {
  const { attempt, called } = programs(line => (line.startsWith('ip ') ? '[]' : 'table'))
  await using folder = await mkdtempDisposable(join(tmpdir(), 'rules-'))
  await mkdir(join(folder.path, cataloguePath, '..'), { recursive: true })
  await writeFile(join(folder.path, cataloguePath), '[]')
  const scene = { attempt, root: { prefix: folder.path }, answers: { vpn: null } } as unknown as Scene
  expect(await lookAtRules(scene)).toMatchObject({ inForce: 'table', shown: 'table' })
  expect(called.filter(line => line.startsWith('unshare')).join()).not.toContain('nft')
  expect(called.find(line => line.startsWith('nsenter'))).toContain('nft -f -')
})
