import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { openWorkshop } from '../../builder/bench/workshop.ts'
import { places } from '../../builder/places.ts'

test('a copy of the project that is built from has what builds read', async () => {
  const { project } = places()
  await using shop = await openWorkshop(project)
  for (const folder of ['image/packages', 'overlays', 'firstboot', 'test/standin/images', 'test/standin/programs'])
    expect(await readdir(join(shop.project, folder))).toEqual(await readdir(join(project, folder)))
})

test('a store of its own can be entered by builds without root, which are another user there', async () => {
  await using shop = await openWorkshop(places().project)
  expect((await stat(dirname(shop.store))).mode & 0o777).toBe(0o755)
})
