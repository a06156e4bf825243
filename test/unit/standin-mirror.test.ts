import { describe, expect, test } from 'vitest'
import { places } from '../../builder/places.ts'
import { standinMirror } from '../../builder/prepare-containers.ts'
import { findBase, loadRecipe } from '../../builder/recipe/load.ts'

const recipe = await loadRecipe(places().project)
const address = 'https://mirror.example/debian'
const line = `deb [check-valid-until=no] ${address} testing main`
const mirrorFor = (base: string, mirror?: string) => standinMirror(findBase(recipe, base), recipe, mirror)

describe('the mirror that stand-ins are made from', () => {
  test('is the one that was named, for a base of the same family', () => {
    expect(mirrorFor('debian-13', address)).toBe(address)
    expect(mirrorFor('debian-testing', address)).toBe(address)
  })
  test('is their own, where the one that was named serves another family', () => {
    expect(mirrorFor('ubuntu-26.04', address)).toBeUndefined()
  })
  test('is their own, where whole lines name the suite of another base', () => {
    expect(mirrorFor('debian-testing', line)).toBeUndefined()
    expect(mirrorFor('debian-13', line)).toBe(line)
  })
})
