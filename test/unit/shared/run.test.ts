import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CommandError, run, type Command } from '../../../builder/shared/run.ts'
import { pidIn, temporaryFolder } from './fixtures.ts'

const sh = (script: string, ...args: string[]): [string, ...string[]] => ['sh', '-c', script, ...args]
async function failure(command: Command, signal?: AbortSignal): Promise<CommandError> {
  const error: unknown = await run(command, signal === undefined ? {} : { signal }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(CommandError)
  return error as CommandError
}

test('a missing program is named, with the command that tells what else is missing', async () => {
  const error = await failure({ argv: ['no-such-program'] })
  expect(error.message).toBe('The program no-such-program is not installed.')
  expect(error.mend).toMatch(/npm run doctor/)
})

test('a missing program at the end of a pipe is the one that is named', async () => {
  const begin = performance.now()
  expect((await failure({ argv: ['sleep', '20'], pipeTo: ['no-such-reader'] })).message).toBe(
    'The program no-such-reader is not installed.',
  )
  expect(performance.now() - begin).toBeLessThan(5000)
})

test('a failing program is told with its exit code and the last eight lines that it said', async () => {
  const error = await failure({ argv: sh('for n in 1 2 3 4 5 6 7 8 9 10; do echo line $n >&2; done; exit 3') })
  expect(error.exitCode).toBe(3)
  expect(error.message).toBe(
    `sh failed with exit code 3.\n${[3, 4, 5, 6, 7, 8, 9, 10].map(n => `    line ${n}`).join('\n')}`,
  )
})

test('a program behind wrappers is called by its own name', async () => {
  expect((await failure({ argv: ['env', 'false'], name: 'mmdebstrap' })).message).toMatch(
    /^mmdebstrap failed with exit code 1/,
  )
})

test('a program that a signal ended is told so', async () => {
  expect((await failure({ argv: sh('kill -9 $$') })).message).toMatch(/^sh was ended by SIGKILL/)
})

test('a full disk is told as such, with what to do', async () => {
  const error = await failure({ argv: ['dd', 'if=/dev/zero', 'of=/dev/full', 'bs=1k', 'count=1'] })
  expect(error.message).toMatch(/^The disk is full: dd could not write\./)
  expect(error.mend).toMatch(/MEDIASERVER_STORE/)
})

test('the environment is small and clean', async () => {
  process.env['SECRET_OF_THE_TEST'] = 'x'
  const { stdout } = await run({ argv: ['env'], env: { SOURCE_DATE_EPOCH: '1' } })
  const names = stdout
    .split('\n')
    .map(line => line.split('=')[0])
    .filter(name => name !== '' && name !== '_')
    .sort()
  expect(names).toEqual(['HOME', 'LC_ALL', 'PATH', 'SOURCE_DATE_EPOCH'])
  expect(stdout).toContain('PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')
})

test('input reaches the program, and without any its standard input is empty', async () => {
  expect((await run({ argv: ['cat'], input: 'text' })).stdout).toBe('text')
  expect((await run({ argv: ['cat'] })).stdout).toBe('')
})

test('output can go into a file, and lines on standard error are told as they come', async () => {
  const file = join(await temporaryFolder(), 'out')
  const lines: string[] = []
  await run(
    { argv: sh('echo one >&2; echo two >&2; echo data'), stdoutFile: file },
    { onLine: line => lines.push(line) },
  )
  expect(await readFile(file, 'utf8')).toBe('data\n')
  expect(lines).toEqual(['one', 'two'])
})

test("two programs in a pipe give the second one's output and the words of both", async () => {
  const { stdout, stderr } = await run({
    argv: sh('echo first >&2; echo text'),
    pipeTo: sh('echo second >&2; tr a-z A-Z'),
  })
  expect(stdout).toBe('TEXT')
  expect(stderr).toMatch(/first[^]*second/)
})

test('when the first of two fails, it is told, and the second does not run on', async () => {
  const begin = performance.now()
  expect((await failure({ argv: sh('echo why >&2; exit 4'), pipeTo: ['sleep', '20'] })).message).toBe(
    'sh failed with exit code 4.\n    why',
  )
  expect(performance.now() - begin).toBeLessThan(5000)
})

test('when the second of two fails, it is told, and the first does not run on', async () => {
  const begin = performance.now()
  expect(
    (await failure({ argv: ['sleep', '20'], pipeTo: ['dd', 'of=/dev/full', 'if=/dev/zero', 'count=1'] })).message,
  ).toMatch(/^The disk is full: dd could not write/)
  expect(performance.now() - begin).toBeLessThan(5000)
})

test('cancelling ends the program, even one that does not want to', async () => {
  const folder = await temporaryFolder()
  const stop = new AbortController()
  const ending = failure(
    { argv: sh('trap "" TERM; echo $$ > "$0/pid"; while :; do sleep 0.1; done', folder) },
    stop.signal,
  )
  const pid = await pidIn(join(folder, 'pid'))
  stop.abort()
  expect((await ending).message).toMatch(/^sh was stopped/)
  // On a machine with much to do, one that was killed is there for a moment more.
  await expect.poll(async () => await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone')).toMatch(/^gone$|\) Z /)
})
