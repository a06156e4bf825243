import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { BuildEvent } from '../../../builder/execute/events.ts'
import { plainReporter } from '../../../builder/reporters/plain.ts'
import { statusLine } from '../../../builder/reporters/terminal.ts'

const events: BuildEvent[] = [
  { type: 'waiting', message: 'Another build is using this store; waiting for it to finish.' },
  { type: 'plan', name: 'media-server', steps: [] },
  { type: 'damaged', id: 'config', path: 'config.img' },
  { type: 'reused', id: 'packages' },
  { type: 'started', id: 'root', title: 'make the root file system' },
  { type: 'progress', id: 'root', doing: 'compressing', done: 1, total: 2 },
  { type: 'progress', id: 'root', doing: 'compressing', done: 2, total: 2 },
  { type: 'finished', id: 'root', seconds: 61.2, bytes: 400 * 1024 * 1024 },
  { type: 'failed', id: 'esp', message: 'The partition is too small.' },
  { type: 'stopped', id: 'config' },
  { type: 'image', path: 'out/media-server.img', bytes: 1024 ** 3, seconds: 90 },
]

test('the plain lines of a build are the golden ones', async () => {
  const lines: string[] = []
  const reporter = plainReporter(line => lines.push(line))
  for (const event of events) reporter.report(event)
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../golden/plain-reporter.txt')
})

const steps = ['packages', 'root', 'bundle', 'layer', 'esp', 'config', 'disk'] as const

test('the status line never wraps and its bar grows with what is done', () => {
  const doing = { doing: 'downloading packages from far away', done: 50, total: 100, since: 0 }
  for (const width of [24, 40, 80, 200])
    expect(
      statusLine(
        steps,
        new Set(),
        new Map([
          ['packages', doing],
          ['bundle', doing],
        ]),
        5000,
        0,
        width,
      ).length,
    ).toBeLessThan(width)
  const bar = (ready: Parameters<typeof statusLine>[1]) =>
    [...statusLine(steps, ready, new Map(), 0, 0, 80)].filter(sign => sign === '█').length
  expect(bar(new Set())).toBe(0)
  expect(bar(new Set(['packages']))).toBeLessThan(bar(new Set(['packages', 'root'])))
  expect(bar(new Set(steps))).toBe(24)
})

test('on GitHub the build is a group, and faults and the image are annotations', () => {
  const script = `const { githubReporter } = await import(process.argv[1]); const reporter = githubReporter()
    for (const event of JSON.parse(process.argv[2])) reporter.report(event); reporter.close()`
  const module = new URL('../../../builder/reporters/github.ts', import.meta.url).href
  const { stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script, module, JSON.stringify(events)],
    { encoding: 'utf8' },
  )
  const lines = stdout.split('\n')
  expect(lines).toContain('::group::Build media-server')
  expect(lines).toContain('::error title=Step esp failed::The partition is too small.')
  expect(lines).toContain('::warning::The stored result of config was damaged and is made again.')
  expect(lines.indexOf('::endgroup::')).toBeLessThan(lines.indexOf('::notice::Built out/media-server.img'))
})
