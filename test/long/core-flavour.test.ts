import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { places } from '../../builder/places.ts'
import { Store } from '../../builder/execute/store.ts'
import { run } from '../../builder/shared/run.ts'
import { PublicRegistry } from '../internet/public-registry.ts'
import prepareMachines, { buildStandinImage } from '../support/build-image.ts'
import { CORE_SERVICES, FirstStart } from '../support/first-start.ts'
import { waitForLogin } from '../support/installed.ts'
import { PATIENCE } from '../support/live-machine.ts'
import { waitUntilTold } from '../support/told.ts'

// On real hardware: for a failure to be told, and for everything to come up.
const TOLD_SECONDS = 120
const STACK_SECONDS = 420

/** The result of the step that made the services of an image. */
async function containersOf(image: string): Promise<string> {
  const manifest = JSON.parse(await readFile(image.replace(/\.img$/, '.manifest.json'), 'utf8')) as {
    steps: { id: string; key: string }[]
  }
  const key = manifest.steps.find(({ id }) => id === 'containers')?.key ?? ''
  return new Store(places().store, run).pathOf(key)
}

describe('an image that carries no services, and gets them from their registry', () => {
  const box = new FirstStart('core flavour')
  let registry: PublicRegistry
  let containers = ''

  beforeAll(async () => {
    await prepareMachines()
    const image = await buildStandinImage(['--flavour', 'core'])
    vi.stubEnv('MEDIASERVER_IMAGE', image)
    containers = await containersOf(image)
    await box.install()
    registry = await PublicRegistry.open(box.home.internet)
    await box.start()
  }, PATIENCE)
  afterAll(async () => {
    await registry?.[Symbol.asyncDispose]()
    await box.close()
  }, PATIENCE)

  box.proves('a registry that does not answer is named, with what to do', async () => {
    const screen = await box.machine.waitForText(/could not be downloaded from registry\.standin\.test/, TOLD_SECONDS)
    expect(screen).toMatch(/> Try again/)
  })

  box.proves('one that has not everything is told with the service that is missing', async () => {
    await registry.switchOn()
    box.machine.press('enter')
    await box.machine.waitForText(/could not be downloaded[\s\S]*(unknown|not found)/, TOLD_SECONDS)
  })

  box.proves('with the registry as it should be, "Try again" leads to the end', async () => {
    await registry.fill(containers)
    box.machine.press('enter')
    await waitUntilTold(box.machine, box.serialLog, event => event.type === 'finished', STACK_SECONDS, {
      mayHaveFailed: true,
    })
    await waitForLogin(box.machine, box.home.bench.login, 'anna')
    expect(await box.healthy()).toEqual(CORE_SERVICES)
  })

  box.proves('the services are those of the lock, and nothing else was fetched', async () => {
    const locked = JSON.parse(await readFile(`${containers}/images.json`, 'utf8')) as Record<string, { config: string }>
    const ids = (await box.as('sudo docker image ls --all --quiet --no-trunc | sort --unique')).split('\n')
    expect(ids).toEqual(CORE_SERVICES.map(name => locked[name]?.config ?? '').toSorted())
  })
})
