import { expect, test } from 'vitest'
import { restartContainers } from '../../../firstboot/docker/restart.ts'

test('a container whose restart fails midway is started: Docker would take it for stopped by somebody, for ever', async () => {
  const calls: string[] = []
  const attempt = async (argv: readonly string[]) => {
    calls.push(argv.join(' '))
    const fails = argv[1] === 'restart'
    return { code: fails ? 1 : 0, stdout: '', stderr: fails ? 'cannot restart container: timed out' : '' }
  }
  expect(await restartContainers(['caddy', 'sonarr'], { attempt })).toMatchObject({ code: 0 })
  expect(calls).toEqual(['docker restart caddy sonarr', 'docker start caddy sonarr'])
})

test('one that was restarted is left alone', async () => {
  const calls: string[] = []
  const attempt = async (argv: readonly string[]) => {
    calls.push(argv.join(' '))
    return { code: 0, stdout: '', stderr: '' }
  }
  expect(await restartContainers(['caddy'], { attempt })).toMatchObject({ code: 0 })
  expect(calls).toEqual(['docker restart caddy'])
})
