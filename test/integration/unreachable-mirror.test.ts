import { expect, test } from 'vitest'
import { resolvePackages } from '../../builder/archive/resolve.ts'
import { buildMode } from '../../builder/archive/requests.ts'
import { run } from '../../builder/shared/run.ts'

test('the real mmdebstrap with a mirror that refuses every connection gives the plain sentence within 15 seconds', async () => {
  const begin = performance.now()
  const request = { suite: 'trixie', components: ['main'], packages: ['nano'] }
  const error: unknown = await resolvePackages(
    { title: 'Debian 13', request, mirror: ['deb http://127.0.0.1:9/debian trixie main'], mode: buildMode() },
    run,
    0,
  ).catch((thrown: unknown) => thrown)
  expect((error as Error).message).toBe('The archive of Debian 13 cannot be reached from here.')
  expect(performance.now() - begin).toBeLessThan(15_000)
})
