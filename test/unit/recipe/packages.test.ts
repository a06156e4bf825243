import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findBase, loadRecipe } from '../../../builder/recipe/load.ts'
import { nameFor, packagesFor } from '../../../builder/recipe/packages.ts'
import { parseSize } from '../../../builder/recipe/size.ts'

const project = fileURLToPath(new URL('../../..', import.meta.url))
const ubuntu = { id: 'ubuntu-26.04', family: 'ubuntu' } as const
const debian = { id: 'debian-13', family: 'debian' } as const

test('a name is chosen by base before family before the common one', () => {
  const entry = { name: 'a', names: { ubuntu: 'b', 'ubuntu-26.04': 'c' } }
  expect(nameFor(entry, ubuntu)).toBe('c')
  expect(nameFor(entry, { ...ubuntu, id: 'ubuntu-24.04' })).toBe('b')
  expect(nameFor(entry, debian)).toBe('a')
})

test('only some bases or a family get a package', () => {
  expect(nameFor({ name: 'a', only: ['debian'] }, ubuntu)).toBeUndefined()
  expect(nameFor({ name: 'a', only: ['debian'] }, debian)).toBe('a')
  expect(nameFor({ name: 'a', only: ['ubuntu-26.04'] }, ubuntu)).toBe('a')
})

test('the recipe of the product: every base has a kernel, dracut, the full media driver and a reason for each package', async () => {
  const recipe = await loadRecipe(project)
  expect(Object.keys(recipe.bases).sort()).toEqual(['debian-13', 'debian-testing', 'ubuntu-24.04', 'ubuntu-26.04'])
  for (const base of Object.values(recipe.bases)) {
    const chosen = packagesFor(recipe, base)
    const names = chosen.map(each => each.name)
    expect(names).toEqual(
      expect.arrayContaining([base.kernel.package, 'dracut', 'intel-media-va-driver-non-free', 'shim-signed']),
    )
    expect(names).toEqual([...new Set(names)].sort())
    expect(chosen.every(each => each.why.length > 3 && each.file.startsWith('image/') && each.line > 0)).toBe(true)
    expect(names).not.toContain('grub-pc')
    expect(base.keyring).toBe(`/usr/share/keyrings/${base.family}-archive-keyring.gpg`)
  }
  expect(packagesFor(recipe, findBase(recipe, 'debian-13')).map(each => each.name)).toContain('docker-cli')
  expect(packagesFor(recipe, findBase(recipe, 'ubuntu-26.04')).map(each => each.name)).not.toContain('docker-cli')
})

test('sizes', () => {
  expect(parseSize('1MiB')).toBe(1048576)
  expect(parseSize('2GiB')).toBe(2147483648)
  expect(() => parseSize('1 MB')).toThrow('not a size: 1 MB')
})
