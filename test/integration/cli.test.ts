import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const project = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mediaserver-cli-'))
const recipe = join(folder, 'image/appliance.yaml')

beforeAll(() => {
  for (const name of ['builder', 'image', 'overlays', 'firstboot', 'package.json', 'package-lock.json'])
    cpSync(join(project, name), join(folder, name), { recursive: true })
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function cli(...args: string[]) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [join(folder, 'builder/cli.ts'), ...args], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  // Neither a stack trace nor the place where the project lies.
  expect(stderr).not.toMatch(/^\s+at /m)
  return { status, stderr, stdout }
}

test('a misspelt key of the recipe is told with file, line and column, and what was meant', () => {
  const good = readFileSync(recipe, 'utf8')
  const line = good.split('\n').findIndex(text => text.startsWith('version:')) + 1
  writeFileSync(recipe, good.replace('\nversion:', '\nverson:'))
  const { status, stderr } = cli('image')
  writeFileSync(recipe, good)
  expect(status).toBe(2)
  expect(stderr).toContain(`image/appliance.yaml:${line}:1: unknown key "verson"`)
  expect(stderr).toMatch(/did you mean "version"\?/i)
})

test('an unknown base is told with what was meant and all that there are', () => {
  const { status, stderr } = cli('image', '--base', 'debian-31')
  expect(status).toBe(2)
  expect(stderr).toMatch(/There is no base "debian-31".*debian-13/)
  expect(stderr).toContain('ubuntu-26.04')
})

test('an unknown command is told with all that there are', () => {
  const { status, stderr } = cli('imgae')
  expect(status).toBe(2)
  expect(stderr).toContain('There is no command "imgae".')
  expect(stderr).toMatch(/Commands: image, plan, lock/)
})

test('an unknown option is told with all that there are', () => {
  const { status, stderr } = cli('plan', '--bse', 'debian-13')
  expect(status).toBe(2)
  expect(stderr).toMatch(/'--bse'[^]*Options: --base B/)
})
