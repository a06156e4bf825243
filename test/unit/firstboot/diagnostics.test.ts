import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { collectDiagnostics, reportName } from '../../../firstboot/diagnostics/collect.ts'
import { redactor } from '../../../firstboot/diagnostics/redact.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { run } from '../../../firstboot/run.ts'

const canaries = ['canary/of a+password&7', 'Zwölf Boxkämpfer', 'canary"with\\quotes']
const redact = redactor(canaries.map(value => new Secret(value)))

/** All the ways in which a program may have written a value. */
const writings = (value: string): string[] => [
  value,
  JSON.stringify(value),
  encodeURIComponent(value),
  new URLSearchParams({ q: value }).toString(),
  Buffer.from(value).toString('hex'),
  Buffer.from(value).toString('hex').toUpperCase(),
  ...['', 'a', 'ab', 'abc', 'token:', 'user:x'].flatMap(before =>
    ['', '!', '!!'].flatMap(after => [
      Buffer.from(before + value + after).toString('base64'),
      Buffer.from(before + value + after).toString('base64url'),
    ]),
  ),
]
/** What of a value could still be read from a text: the value itself, after undoing what programs do. */
const readable = (text: string): string =>
  [
    text,
    text.replaceAll('\\"', '"').replaceAll('\\\\', '\\'),
    text
      .replaceAll('+', ' ')
      .replaceAll(/(?:%[0-9A-F]{2})+/gi, hex => Buffer.from(hex.replaceAll('%', ''), 'hex').toString()),
    ...text
      .split(/[^A-Za-z0-9+/_-]+/)
      .flatMap(word => [0, 1, 2, 3].map(skip => Buffer.from(word.slice(skip), 'base64').toString())),
    ...text.split(/[^A-Fa-f0-9]+/).map(word => Buffer.from(word, 'hex').toString()),
  ].join('\n')

describe('known secrets', () => {
  test.each(canaries)('%s is found however it is written', value => {
    for (const writing of writings(value)) {
      expect(readable(writing), writing).toContain(value)
      const text = redact(`before ${writing} after`)
      expect(text, writing).toContain('[redacted]')
      expect(text).toMatch(/^before .* after$/)
      expect(readable(text), writing).not.toContain(value)
    }
  })
  test('a secret within another leaves nothing of either', () => {
    const both = redactor([new Secret('horse'), new Secret('horse-battery')])
    expect(both('x horse-battery y horse z')).toBe('x [redacted] y [redacted] z')
  })
  test('what is too short to be one does not tear words apart', () => {
    expect(redactor([new Secret('a'), new Secret('')])('banana')).toBe('banana')
  })
  test('a field whose value is gone already keeps its shape', () => {
    expect(redactor([new Secret('battery-staple')])('password=battery-staple;')).toBe('password=[redacted];')
  })
  test('each line of a key counts', () => {
    expect(redactor([new Secret('first-line-1\nsecond-line-2')])('x second-line-2')).toBe('x [redacted]')
  })
})

describe('what looks like a secret', () => {
  const plain = redactor([])
  const hex64 = 'e9f2a91b5f0c4d3e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f'
  const key44 = 'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk='
  test.each([
    [`token ${hex64} was`, hex64],
    [`x ${hex64.toUpperCase()}`, hex64.toUpperCase()],
    [`wg: ${key44}`, key44],
    [`PrivateKey = ${key44}`, key44],
    ['password=hunter2hunter2', 'hunter2hunter2'],
    ['NORD_TOKEN: abc123', 'abc123'],
    ['{"password":"a \\"b\\" c","x":1}', 'a \\"b\\" c'],
    ["psk='my wifi'", 'my wifi'],
    ['curl -H "Authorization: Basic dG9rZW46YWJj" x', 'dG9rZW46YWJj'],
    ['authorization: Bearer abc.def.ghi', 'abc.def.ghi'],
    ['tool --password swordfish --x', 'swordfish'],
    ['https://anna:swordfish@host/x', 'swordfish'],
    ['GET /?X-Plex-Token=abcDEF123&x=1', 'abcDEF123'],
    ['claim-AbCdEf123456', 'claim-AbCdEf123456'],
    ['anna:$y$j9T$abcdefghij0123456789$klmnopqrstuvwxyz:1', '$y$j9T$abcdefghij0123456789'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA\n-----END OPENSSH PRIVATE KEY-----', 'b3BlbnNzaA'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKC', 'MIIEpAIBAAKC'],
  ])('%s', (text, secret) => {
    expect(plain(text)).not.toContain(secret)
    expect(plain(text)).toContain('[redacted]')
  })
  test.each([
    `sha256:${hex64}`,
    '2f3c9a1e-0000-4000-8000-000000000004',
    'systemd[1]: Started ssh.service - OpenBSD Secure Shell server.',
    'Failed password for root from 10.0.0.2 port 22',
    'http://192.168.1.57:32400/web',
    '/dev/disk/by-id/nvme-Samsung_SSD_980_PRO_1TB_S5GXNX0T124Q7K',
  ])('is told from what is none: %s', text => expect(plain(text)).toBe(text))
})

describe('a report', () => {
  const at = (place: string, path: string) => {
    mkdirSync(dirname(join(place, path)), { recursive: true })
    return join(place, path)
  }
  const leak = canaries.flatMap(writings).join('\n')

  test('holds what was asked for, and no secret in any file', async () => {
    const place = mkdtempSync(join(tmpdir(), 'report-'))
    writeFileSync(at(place, 'run/mediaserver/events.jsonl'), `{"type":"log","line":${JSON.stringify(leak)}}\n`)
    writeFileSync(at(place, 'proc/cmdline'), `quiet password=hunter2hunter2 ${leak}\n`)
    const folder = join(place, 'out')
    const asked: string[] = []
    const report = await collectDiagnostics(openRoot(place), redact, 'report-1', folder, async (program, args, ms) => {
      if (program === 'tar') return run(program, args, ms)
      asked.push(program)
      if (program === 'nft') return { code: null, stdout: '', stderr: `spawn nft ENOENT ${leak}` }
      return { code: 0, stdout: `${program} says\n${leak}\n`, stderr: '' }
    })
    expect(basename(report.path)).toBe('report-1.tar.gz')
    expect(report.bytes).toBe(statSync(report.path).size)
    expect(readdirSync(folder)).toEqual(['report-1.tar.gz'])
    expect(statSync(folder).mode & 0o077).toBe(0)
    const names = execFileSync('tar', ['-tzf', report.path]).toString().trim().split('\n')
    const files = 'journal.txt kernel.txt units.txt disks.json addresses.json events.jsonl os-release.txt README.txt'
    for (const file of files.split(' ')) expect(names).toContain(`report-1/${file}`)
    const all = execFileSync('tar', ['-xzOf', report.path]).toString()
    for (const program of new Set(asked.filter(program => program !== 'nft'))) expect(all).toContain(`${program} says`)
    expect(all).toContain('[nft ended with no answer]')
    expect(all).toContain('[/usr/lib/mediaserver/manifest.json is not there]')
    for (const canary of [...canaries, 'hunter2hunter2']) expect(readable(all)).not.toContain(canary)
  })

  test('that cannot be packed says so, and leaves nothing behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'report-'))
    const failing = collectDiagnostics(openRoot(folder), redact, 'report-1', folder, async program =>
      program === 'tar'
        ? { code: 2, stdout: '', stderr: `tar: no space ${canaries[0]}` }
        : { code: 0, stdout: '', stderr: '' },
    )
    await expect(failing).rejects.toThrow('The report could not be packed: tar: no space [redacted]')
    expect(readdirSync(folder)).toEqual([])
  })

  test('has a name that FAT can hold', () => {
    expect(reportName(Date.UTC(2026, 10, 25, 2, 13, 7))).toBe('report-2026-11-25-021307')
  })
})
