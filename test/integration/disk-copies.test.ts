import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freshDisks } from '../support/power-cut.ts'
import { temporaryFolder } from '../unit/shared/fixtures.ts'

test('the film disk of a test with power cuts takes no more room than its films', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'films.raw')
  {
    await using disk = await open(path, 'w')
    await disk.truncate(64 * 1024 * 1024)
    await disk.write('a film', 1024 * 1024)
  }
  await freshDisks({ films: { path } }, join(folder, 'machine'))
  const copy = await stat(join(folder, 'machine/hdd.raw'))
  expect(copy.size).toBe(64 * 1024 * 1024)
  expect(copy.blocks * 512).toBeLessThan(1024 * 1024)
})
