import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { findBase, loadRecipe } from '../../../builder/recipe/load.ts'
import { UserErrors } from '../../../builder/shared/errors.ts'

const root = (name: string) => fileURLToPath(new URL(`../../fixtures/recipes/${name}`, import.meta.url))

async function messages(name: string): Promise<string[]> {
  const error = await loadRecipe(root(name)).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserErrors)
  return (error as UserErrors).errors.map(each => each.message)
}

const cases: Record<string, string[]> = {
  'bad-syntax': ['image/bases/debian-13.yaml:3:7: Nested mappings are not allowed in compact mappings'],
  'duplicate-key': ['image/appliance.yaml:18:1: Map keys must be unique'],
  'duplicate-package': [
    'image/packages/media.yaml:9:11: package "vainfo" is named already, in image/packages/media.yaml:4',
  ],
  'many-faults': [
    'image/appliance.yaml:3:10: "version": expected a version of three numbers, for instance "0.1.0", found "one"',
    'image/appliance.yaml:12:8: "bios": expected a text, found nothing',
    'image/appliance.yaml:14:11: "config": expected a size with its unit, for instance "512MiB", found "40 MB"',
    'image/appliance.yaml:16:16: "compression": expected "zstd", found "zstdd"',
    'image/appliance.yaml:17:10: "level": expected at most 22, found the number 99',
    'image/bases/debian-13.yaml:8:17: "supportedUntil": expected a day, for instance "2029-05-31", found "soon"',
    'image/bases/debian-13.yaml:14:12: "package": expected the name of a distribution package, for instance "wireguard-tools", found "Dracut"',
    'image/packages/media.yaml:6:5: missing key "why"',
    'image/packages/media.yaml:7:5: unknown key "reason"',
  ],
  'missing-key': ['image/bases/debian-13.yaml:1:1: missing key "suite"'],
  'misspelt-key': [
    'image/appliance.yaml:1:1: missing key "version"',
    'image/appliance.yaml:3:1: unknown key "verison"; did you mean "version"?',
  ],
  'no-files': [
    'image/appliance.yaml: cannot be read: the file does not exist',
    'image/bases: has no .yaml file',
    'image/packages: has no .yaml file',
    'image/services: has no .yaml file',
  ],
  'unknown-base': [
    'image/appliance.yaml:4:14: there is no base "debain-13"; did you mean "debian-13"?',
    'image/packages/media.yaml:8:12: there is no base "debian-31"; did you mean "debian-13"?',
    'image/packages/media.yaml:9:13: there is no base "ubunut"; did you mean "ubuntu"?',
  ],
  'unknown-family': [
    'image/bases/debian-13.yaml:4:9: "family": expected one of "debian", "ubuntu", found "debain"; did you mean "debian"?',
    'image/bases/debian-13.yaml:6:13: "components": expected a list, found "main"',
  ],
  'wrong-file-name': ['image/packages/films.yaml:1:8: "group": expected "films" as the file is named, found "media"'],
  'wrong-services': [
    'image/services/cook.yaml:1:7: "name": expected "cook" as the file is named, found "kitchen"',
    'image/services/cook.yaml:14:9: there is no service "notse"; did you mean "notes"?',
    'image/services/cook.yaml:9:13: there is no folder "recipes"',
    'image/services/cook.yaml:12:7: there is no value "timezon"; did you mean "timezone"?',
    'image/services/guest.yaml:6:10: "network": vpn needs exactly one service with "when: vpn" and a network of its own',
    'image/services/notes.yaml:4:7: "when": chosen needs a line for notes in firstboot/answers/rules/services.ts',
    'image/services/notes.yaml:7:11: port 80/tcp is taken already, by kitchen',
    'image/services/notes.yaml:13:8: "after": notes would wait for itself',
  ],
  'wrong-type': [
    'image/appliance.yaml:3:10: "version": expected a text, found the number 0.1',
    'image/appliance.yaml:17:10: "level": expected a number, found "high"',
  ],
}

describe('a bad recipe is told with the place of every fault', () => {
  for (const [name, expected] of Object.entries(cases)) {
    test(name, async () => expect(await messages(name)).toEqual(expected))
  }
})

test('a good recipe loads, with the line of each package', async () => {
  const recipe = await loadRecipe(root('good'))
  expect(Object.keys(recipe.bases)).toEqual(['debian-13'])
  expect(recipe.packageGroups[0]?.packages.map(entry => [entry.name, entry.file, entry.line])).toEqual([
    ['vainfo', 'image/packages/media.yaml', 4],
    ['docker.io', 'image/packages/media.yaml', 6],
  ])
})

describe('findBase', () => {
  test('takes the default when none is asked for', async () => {
    expect(findBase(await loadRecipe(root('good'))).id).toBe('debian-13')
  })

  test('names the known ones and the one that was meant', async () => {
    const recipe = await loadRecipe(root('good'))
    expect(() => findBase(recipe, 'debain-13')).toThrow('There is no base "debain-13"; did you mean "debian-13"?')
    expect(() => findBase(recipe, 'fedora')).toThrow(
      expect.objectContaining({ message: 'There is no base "fedora".', mend: 'Known bases: debian-13.' }),
    )
    expect(() => findBase(recipe, 'constructor')).toThrow('There is no base "constructor".')
  })
})
