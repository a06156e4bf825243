import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openWorkshop } from '../../builder/bench/workshop.ts'
import { places } from '../../builder/places.ts'

test('a copy of the project that is built from has what builds read', async () => {
  const { project } = places()
  await using shop = await openWorkshop(project)
  for (const folder of ['image/packages', 'overlays', 'firstboot', 'test/standin/images', 'test/standin/programs'])
    expect(await readdir(join(shop.project, folder))).toEqual(await readdir(join(project, folder)))
})
