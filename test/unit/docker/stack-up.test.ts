import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { Secret } from '../../../firstboot/answers/secret.ts'
import type { Site } from '../../../firstboot/changes/change.ts'
import { safetyStopsPath } from '../../../firstboot/doctor/safety-stop.ts'
import { stackUp } from '../../../firstboot/changes/stack-up.ts'
import { type Catalogue, cataloguePath } from '../../../firstboot/stack/catalogue.ts'
import { aService } from '../stack/a-service.ts'
import { FakeDocker } from './fake-docker.ts'

const params = { services: [], vpn: false, domain: false }
const catalogue: Catalogue = [
  aService({ name: 'one', title: 'One', patience: 1 }),
  aService({ name: 'two', title: 'Two', patience: 1, volumes: [{ from: 'tv', to: '/tv', readOnly: false }] }),
]

describe('the services', () => {
  let docker: FakeDocker
  let upFails = ''
  beforeEach(async () => {
    docker = await FakeDocker.open(catalogue)
    upFails = ''
    docker.onCall = argv => {
      if (argv.includes('--hash')) return { code: 0, stdout: 'one h\ntwo h', stderr: '' }
      if (argv.includes('up')) return { code: upFails === '' ? 0 : 1, stdout: '', stderr: upFails }
      if (argv[1] === 'logs') return { code: 0, stdout: 'starting\nno such table: Users', stderr: '' }
      return undefined
    }
  })
  const failure = async () =>
    await stackUp.apply(params, docker.site).then(
      () => 'it did not fail',
      (error: Error & { mend?: string }) => `${error.message}\n${error.mend ?? ''}`,
    )

  test('are there when every container is healthy and made from the present files', async () => {
    expect(await stackUp.check(params, docker.site)).toBeNull()
    docker.containers.set('one', {}).set('two', {})
    expect(await stackUp.check(params, docker.site)).toBe('One, Two: healthy')
    docker.containers.set('two', { hash: 'older' })
    expect(await stackUp.check(params, docker.site)).toBeNull()
    docker.containers.set('two', { health: 'starting' })
    expect(await stackUp.check(params, docker.site)).toBeNull()
  })

  test('compares one in the network of another with the container that it is in, as compose does', async () => {
    const gate = aService({ name: 'gate', title: 'Gate', when: 'vpn' })
    const client = aService({ name: 'client', title: 'Client', when: 'vpn', network: 'vpn' })
    const answers = { vpn: { credential: { kind: 'token', value: new Secret('x') }, country: '' } } as const
    const own = await FakeDocker.open([gate, client], answers)
    let given = ''
    own.onCall = argv => {
      if (!argv.includes('--hash')) return undefined
      given = argv.find(word => word.includes('shared-network')) ?? ''
      return { code: 0, stdout: 'gate h\nclient h', stderr: '' }
    }
    own.containers.set('gate', {}).set('client', {})
    expect(await stackUp.check(params, own.site)).toBe('Gate, Client: healthy')
    const text = await readFile(given.replace('--file=', ''), 'utf8')
    expect(parse(text)).toEqual({ services: { client: { network_mode: 'container:id-of-gate' } } })
  })

  test('are waited for until the last one is healthy', async () => {
    docker.containers.set('one', {}).set('two', { health: 'starting' })
    setTimeout(() => docker.containers.set('two', {}), 300)
    expect(await failure()).toBe('it did not fail')
    expect(docker.calls.filter(call => call.includes(' up '))).toHaveLength(1)
  })

  test('are started with nothing pulled and nothing built', async () => {
    docker.containers.set('one', {}).set('two', {})
    await stackUp.apply(params, docker.site)
    const up = docker.calls.find(call => call.includes(' up '))
    expect(up).toMatch(/--project-name=mediaserver .*--file=\S+\/compose\.yaml up --detach .*--pull=never/)
    expect(up).not.toContain('override')
  })

  test('are started with what the user wants to have different', async () => {
    await docker.write('/home/anna/mediaserver/compose.override.yaml', 'services: {}\n')
    docker.containers.set('one', {}).set('two', {})
    await stackUp.apply(params, docker.site)
    expect(docker.calls.find(call => call.includes(' up '))).toContain('/compose.override.yaml up')
  })

  test('are started without one that was stopped for safety, and nobody misses it', async () => {
    const own = await FakeDocker.open([
      aService({ name: 'sonarr', title: 'Sonarr' }),
      aService({ name: 'qbittorrent', title: 'qBittorrent' }),
    ])
    own.onCall = argv =>
      argv.includes('--hash') ? { code: 0, stdout: 'sonarr h\nqbittorrent h', stderr: '' } : undefined
    await own.write(safetyStopsPath, JSON.stringify({ qbittorrent: { why: 'the home was seen', at: 0 } }))
    own.containers.set('sonarr', {}).set('qbittorrent', { status: 'exited' })
    expect(await stackUp.check(params, own.site)).toBe('Sonarr: healthy')
    await stackUp.apply(params, own.site)
    const up = own.calls.find(call => call.includes(' up '))
    expect(up).toMatch(/ sonarr$/)
    expect(own.calls.filter(call => /\b(up|start)\b.*qbittorrent/.test(call))).toEqual([])
  })

  test('one that does not get healthy is named with its last words', async () => {
    docker.containers.set('one', {}).set('two', { health: 'starting' })
    expect(await failure()).toBe(
      'Two: does not get healthy. Its last words: starting / no such table: Users\nType "sudo docker logs two" to see more, and "sudo mediaserver apply" to try again.',
    )
  })

  test('one that waits for a missing film disk says so, and nobody waits for it', async () => {
    docker.containers.set('one', {})
    docker.containers.set('two', {
      status: 'created',
      error: 'invalid mount config for type "bind": bind source path does not exist: /data/media/tv',
    })
    const began = performance.now()
    expect(await failure()).toMatch(/^Two: not started, because the disk with the films is not there\./)
    expect(performance.now() - began).toBeLessThan(900)
  })

  test('one whose health depends on the world outside only has to run', async () => {
    const own = await FakeDocker.open([aService({ name: 'one', title: 'One', patience: 1, waitFor: 'running' })])
    own.onCall = argv => (argv.includes('--hash') ? { code: 0, stdout: 'one h', stderr: '' } : undefined)
    own.containers.set('one', { health: 'unhealthy' })
    await stackUp.apply(params, own.site)
    expect(await stackUp.check(params, own.site)).toContain('One: running')
  })

  test('the time that compose takes is not taken from theirs', async () => {
    const slow: Site['attempt'] = async (argv, follow) => {
      const ended = await docker.site.attempt(argv, follow)
      if (argv.includes('up')) await new Promise(resolve => setTimeout(resolve, 1200))
      return ended
    }
    docker.containers.set('one', {}).set('two', { health: 'starting' })
    setTimeout(() => docker.containers.set('two', {}), 1600)
    await stackUp.apply(params, { ...docker.site, attempt: slow })
    expect(await stackUp.check(params, docker.site)).not.toBeNull()
  })

  test.each([
    ['its network was not there', 'cannot join network of a non running container: 0123'],
    ['compose gave up waiting for another', ''],
  ])('one that was made and not started is started again: %s', async (_why, error) => {
    upFails = 'dependency failed to start'
    docker.containers.set('one', {}).set('two', { status: 'created', error })
    const { onCall } = docker
    docker.onCall = argv => {
      if (argv.join(' ') === 'docker start two') docker.containers.set('two', {})
      return onCall(argv)
    }
    expect(await failure()).toBe('it did not fail')
    expect(docker.calls).toContain('docker start two')
  })

  test('one that does not start whatever is done is told, after some tries', async () => {
    docker.containers.set('one', {}).set('two', { status: 'created', error: 'No such container: 0123' })
    expect(await failure()).toMatch(/^Two: could not be started: No such container: 0123/)
    expect(docker.calls.filter(call => call === 'docker start two').length).toBeGreaterThan(0)
  })

  test('one that waits for another is no second fault', async () => {
    const [one, two] = catalogue
    if (one === undefined || two === undefined) throw new TypeError('not of this test')
    await docker.write(cataloguePath, JSON.stringify([{ ...two, after: ['one'] }, one]))
    docker.containers.set('one', { health: 'unhealthy' }).set('two', { status: 'created' })
    expect(await failure()).toMatch(
      /^Two: waits for One\.\nOne: does not get healthy\. .*\nType "sudo docker logs one"/,
    )
  })

  test('several with one reason are told in one line', async () => {
    const error = 'address already in use'
    docker.containers.set('one', { status: 'created', error }).set('two', { status: 'created', error })
    expect(await failure()).toMatch(/^One, Two: could not be started: address already in use\n/)
  })

  test('compose that fails before there is any container is quoted', async () => {
    upFails = 'something\nyaml: line 3: mapping values are not allowed\n'
    expect(await failure()).toMatch(/^One, Two: could not be started: yaml: line 3: mapping values are not allowed/)
  })
})
