import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decideNext, decideUnattended } from '../../../firstboot/begin/unattended.ts'
import type { Earlier } from '../../../firstboot/begin/earlier.ts'
import { readFolder } from '../../../firstboot/config-partition/folder.ts'
import type { Machine } from '../../../firstboot/machine.ts'
import { probeMachine } from '../../../firstboot/probe/machine.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { layOut } from '../firstboot/recorded.ts'
import { aDisk, aFileSystem } from '../disks/a-disk.ts'

const facts = { seed: 's', vendor: 'debian', liveRoot: 'live', image: '0.1.0 live' }
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f anna@laptop'

const text = (more: { serial?: string; erase?: string; extra?: string } = {}) => `unattended: true
hostname: filmbox
user: anna
sshKeys:
  - ${KEY}
disks:
  system:
    serial: ${more.serial ?? 'S1'}
${more.erase ?? '    erase: true'}
vpn:
  token: ${'d1ce'.repeat(16)}
  country: Sweden
${more.extra ?? ''}`

async function machine(): Promise<Machine> {
  return { ...(await probeMachine(openRoot(layOut('no-disk')))), role: 'live', disks: [aDisk()] }
}

const source = (answers: string) => ({ answers: { file: 'mediaserver.yaml', text: answers } })

const decide = async (answers: string, finished: Earlier['finished'] = [], unknown: Earlier['unknown'] = []) =>
  decideUnattended(source(answers), await machine(), facts, { finished, unknown })

const problemsOf = async (answers: string, finished?: Earlier['finished']): Promise<string> => {
  const decision = await decide(answers, finished)
  expect(decision.kind).toBe('ask')
  return decision.kind === 'ask' ? decision.problems.join('\n') : ''
}

describe('answers on the stick', () => {
  test('that are whole start the set-up', async () => {
    expect(await decide(text())).toMatchObject({ kind: 'go', plan: { mode: 'install' } })
  })

  test('that name a disk which is not here start nothing', async () => {
    expect(await problemsOf(text({ serial: 'S2' }))).toMatch(/^mediaserver\.yaml, line 8: "serial": No disk/)
  })

  test('that do not agree to erase start nothing', async () => {
    expect(await problemsOf(text({ erase: '' }))).toMatch(/serial S1\) would be erased.*"erase: true"/)
  })

  test('with a key that nobody knows start nothing', async () => {
    expect(await problemsOf(text({ extra: 'servises: [plex]\n' }))).toBe(
      'mediaserver.yaml, line 13 ("servises"): unknown key; did you mean "services"?',
    )
  })

  test('with a secret in a wrong place do not repeat it', async () => {
    const token = 'c0ffee'.repeat(10) + 'dead'
    expect(await problemsOf(text({ extra: `${token}: x\n` }))).not.toContain(token)
  })

  test('never erase the media server that they have made, when the stick was left in', async () => {
    const words = await problemsOf(text(), [{ disk: '/dev/sda', hostnames: ['filmbox'] }])
    expect(words).toMatch(/filmbox is set up already\. Pull out the stick/)
  })

  test.each([
    ['another disk', { disk: '/dev/sdb', hostnames: ['filmbox'] }],
    ['another name', { disk: '/dev/sda', hostnames: ['cinema'] }],
  ])('are not stopped by a media server on %s', async (_, other) => {
    expect((await decide(text(), [other])).kind).toBe('go')
  })

  test('never erase the media server that they have made, though somebody has given it another name since', async () => {
    expect(await problemsOf(text(), [{ disk: '/dev/sda', hostnames: ['cinema', 'filmbox'] }])).toMatch(/set up already/)
  })

  test('never erase a disk that says that it is about to fail; a person may', async () => {
    const health = { state: 'failing', hours: 1, words: 'health bad' } as const
    const ill: Machine = { ...(await machine()), disks: [aDisk({ health })] }
    const decision = decideUnattended(source(text()), ill, facts, { finished: [], unknown: [] })
    expect(decision).toMatchObject({ kind: 'ask', problems: [expect.stringMatching(/serial S1\).*about to fail/)] })
  })

  test.each([
    [
      1.2e12,
      { kind: 'ask', problems: [expect.stringMatching(/film disk of a media server, 1.2 TB used.*"use: keep"/)] },
    ],
    [3e6, { kind: 'go' }],
  ])(
    'never erase films that an earlier media server has; a set-up begun before has %d bytes',
    async (usedBytes, expected) => {
      const part = { number: 1, path: '/dev/sdb1', sizeBytes: 1e12, startBytes: 1, partuuid: 'p', parttype: '' }
      const films = aDisk({
        name: 'sdb',
        path: '/dev/sdb',
        serial: 'H1',
        partitions: [{ ...part, partlabel: 'ms-films' }],
        fileSystems: [aFileSystem({ path: '/dev/sdb1', usedBytes })],
      })
      const two: Machine = { ...(await machine()), disks: [aDisk(), films] }
      const erase = '    erase: true\n  media:\n    - serial: H1\n      use: erase\n      erase: true'
      expect(decideUnattended(source(text({ erase })), two, facts, { finished: [], unknown: [] })).toMatchObject(
        expected,
      )
    },
  )

  test('that lack the word to erase are told first that everything is there', async () => {
    expect(await problemsOf(text({ erase: '' }), [{ disk: '/dev/sda', hostnames: ['filmbox'] }])).toMatch(
      /set up already/,
    )
  })

  test('never erase a media server of which nobody can say whether it is complete', async () => {
    const decision = await decide(text(), [], ['/dev/sda'])
    expect(decision).toMatchObject({
      kind: 'ask',
      problems: [expect.stringMatching(/An SSD, and cannot be looked at/)],
    })
    expect((await decide(text(), [], ['/dev/sdb'])).kind).toBe('go')
  })
})

describe('a set-up that did not come to its end', () => {
  const unfinished = async (by = 'mediaserver.yaml'): Promise<Earlier['unfinished'][number]> => {
    const decision = await decide(text())
    if (decision.kind !== 'go') throw new Error('The answers start nothing.')
    const { answers, plan } = decision
    return { answers, plan, consent: plan.hash, by }
  }
  const next = async (answers: string | null, ...stopped: Earlier['unfinished']) =>
    decideNext(answers === null ? null : source(answers), await machine(), facts, {
      unfinished: stopped,
      finished: [],
      unknown: [],
    })

  test('goes on with the same answers on the stick, and with none', async () => {
    const request = await unfinished()
    expect(await next(text(), request)).toEqual({ kind: 'resume', request })
    expect(await next(null, request)).toEqual({ kind: 'resume', request })
  })

  test('gives way to answers that were corrected on the stick', async () => {
    const corrected = text().replace('hostname: filmbox', 'hostname: cinema')
    expect(await next(corrected, await unfinished())).toMatchObject({ kind: 'go', answers: { hostname: 'cinema' } })
  })

  test.each([
    'mediaserver.yaml',
    'Mediaserver.yaml',
    'MEDIASERVER.YAML',
    'MediaServer.yml',
    'mediaserver.yaml.txt',
    'Mediaserver.YML.TXT',
  ])('gives way to a correction also when the file is called %s', async name => {
    const folder = await mkdtemp(join(tmpdir(), 'stick-'))
    await writeFile(join(folder, name), text())
    const { answersName } = await readFolder(folder)
    expect(answersName).toBe(name)
    const corrected = text().replace('hostname: filmbox', 'hostname: cinema')
    expect(await next(corrected, await unfinished(answersName ?? ''))).toMatchObject({ kind: 'go' })
  })

  test('is not gone on with when answers were corrected that do not agree to erase: that is told', async () => {
    const corrected = text({ erase: '' }).replace('hostname: filmbox', 'hostname: cinema')
    const decision = await next(corrected, await unfinished())
    expect(decision).toMatchObject({ kind: 'ask', problems: [expect.stringMatching(/write "erase: true"/)] })
  })

  test('goes on when what is on the stick cannot start a set-up', async () => {
    expect((await next(text({ extra: 'servises: [plex]\n' }), await unfinished())).kind).toBe('resume')
  })

  test('goes on when it was agreed to on a screen, whatever is on the stick', async () => {
    const other = text().replace('hostname: filmbox', 'hostname: cinema')
    for (const by of ['tty1', 'ttyS0', 'mediaserver apply'])
      expect((await next(other, await unfinished(by))).kind).toBe('resume')
  })

  test('is not gone on with from a stick with another image: that sets up anew, when it has answers that may', async () => {
    const request = await unfinished()
    const later = async (answers: string | null) =>
      decideNext(
        answers === null ? null : source(answers),
        await machine(),
        { ...facts, image: '0.2.0 live' },
        {
          unfinished: [request],
          finished: [],
          unknown: [],
        },
      )
    expect(await later(text())).toMatchObject({ kind: 'go', answers: request.answers })
    for (const answers of [null, text({ erase: '' })])
      expect(await later(answers)).toMatchObject({
        kind: 'ask',
        problems: expect.arrayContaining([expect.stringMatching(/another stick/)]),
      })
  })

  test('is left to a person when there are two', async () => {
    expect(await next(null, await unfinished(), await unfinished())).toMatchObject({ kind: 'ask' })
  })
})
