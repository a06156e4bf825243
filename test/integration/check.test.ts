import { expect, it } from 'vitest'
import { places } from '../../builder/places.ts'
import { run } from '../../builder/shared/run.ts'

it('finds nothing to mend in the sources', async () => {
  const { project } = places()
  const { stdout } = await run({ argv: [process.execPath, 'builder/cli.ts', 'check'], cwd: project }).catch(error => {
    throw new Error(String(error.message), { cause: error })
  })
  expect(stdout).toMatch(/ok +types/)
})
