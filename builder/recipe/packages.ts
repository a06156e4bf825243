import type { Base, PackageEntry, Recipe } from './schema.ts'

/** One package that an image will have, why, and where that is written. */
export interface ChosenPackage {
  readonly name: string
  readonly why: string
  readonly file: string
  readonly line: number
}

/** The name of a package on a base, or undefined when that base does not get it. */
export function nameFor(
  entry: Pick<PackageEntry, 'name' | 'only' | 'names'>,
  base: Pick<Base, 'id' | 'family'>,
): string | undefined {
  if (entry.only !== undefined && !entry.only.includes(base.id) && !entry.only.includes(base.family)) return undefined
  return entry.names?.[base.id] ?? entry.names?.[base.family] ?? entry.name
}

/** Every package that is installed by name on a base, the kernel and dracut included, sorted by name. */
export function packagesFor(recipe: Pick<Recipe, 'packageGroups'>, base: Base): ChosenPackage[] {
  const file = `image/bases/${base.id}.yaml`
  const chosen: ChosenPackage[] = [
    { name: base.kernel.package, why: base.kernel.why, file, line: 1 },
    { name: base.initrd.package, why: base.initrd.why, file, line: 1 },
  ]
  for (const entry of recipe.packageGroups.flatMap(group => group.packages)) {
    const name = nameFor(entry, base)
    if (name !== undefined) chosen.push({ name, why: entry.why, file: entry.file, line: entry.line })
  }
  return chosen.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}
