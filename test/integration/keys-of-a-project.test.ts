import { appendFile, cp, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { requestDigest, writeLock } from '../../builder/archive/lock.ts'
import { standinRequest } from '../../builder/prepare-containers.ts'
import { prepare } from '../../builder/prepare.ts'
import { findBase, loadRecipe } from '../../builder/recipe/load.ts'
import { packagesFor } from '../../builder/recipe/packages.ts'
import type { Runner } from '../../builder/shared/run.ts'
import { debian13 } from '../unit/plan/fixture-inputs.ts'
import { temporaryFolder } from '../unit/shared/fixtures.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const options = {
  base: 'debian-13',
  flavour: 'full',
  sources: 'standin',
  out: 'out',
  locked: false,
  update: false,
  publish: false,
} as const

// Stands for mmdebstrap, which is only asked for the sources.list of the image here.
const sources: Runner = async ({ argv }) => {
  const to =
    argv
      .find(word => word.includes('sources.list'))
      ?.split(' ')
      .at(-1) ?? ''
  await writeFile(to, 'deb http://archive.example/debian trixie main\n')
  return { stdout: '', stderr: '' }
}

async function copyOfProject(): Promise<string> {
  const copy = join(await temporaryFolder(), 'project')
  for (const name of ['image', 'overlays', 'firstboot', 'test/standin', 'package-lock.json'])
    await cp(join(project, name), join(copy, name), { recursive: true })
  // The lock of these tests is the one beside the store; the committed one may be newer.
  await rm(join(copy, 'image/appliance.lock.yaml'))
  return copy
}

async function keysOf(copy: string): Promise<Record<string, string>> {
  const recipe = await loadRecipe(copy)
  const base = findBase(recipe, options.base)
  const request = requestDigest({
    suite: base.suite,
    components: base.components,
    packages: packagesFor(recipe, base).map(entry => entry.name),
  })
  const store = join(copy, 'store')
  await mkdir(store, { recursive: true })
  await writeLock(join(store, 'lock.yaml'), base.id, { ...debian13.lock, request })
  const standins = await standinRequest(copy, recipe)
  await writeLock(join(store, 'lock.yaml'), standins.name, {
    ...debian13.lock,
    request: requestDigest(standins.resolve.request),
  })
  const { plan } = await prepare(copy, store, options, sources)
  return Object.fromEntries(plan.steps.map(step => [step.id, step.key]))
}

const different = (a: Record<string, string>, b: Record<string, string>) => Object.keys(a).filter(id => a[id] !== b[id])

test('the same project in another folder at another time has the same keys', async () => {
  const [one, two] = [await copyOfProject(), await copyOfProject()]
  for (const file of ['overlays/config/README.txt', 'package-lock.json', 'image/appliance.yaml'])
    await utimes(join(two, file), 1, 1)
  expect(await keysOf(one)).toEqual(await keysOf(two))
})

test('a comment in a recipe changes no key', async () => {
  const copy = await copyOfProject()
  const before = await keysOf(copy)
  for (const file of ['appliance.yaml', 'bases/debian-13.yaml', 'packages/boot.yaml', 'packages/media.yaml'])
    await appendFile(join(copy, 'image', file), '\n# only a remark\n')
  expect(await keysOf(copy)).toEqual(before)
})

test('one byte of an input changes the keys of the steps that read it and of no other', async () => {
  const copy = await copyOfProject()
  const cases: [string, string[]][] = [
    ['overlays/config/README.txt', ['config', 'disk']],
    ['overlays/templates/grub.cfg.hbs', ['esp', 'disk']],
    ['overlays/firstboot/usr/bin/mediaserver', ['layer', 'esp', 'disk']],
    ['overlays/root/etc/dracut.conf.d/10-mediaserver-live.conf', ['root', 'sums', 'esp', 'disk']],
    ['test/standin/plex/root/usr/lib/plexmediaserver/standin/server.ts', ['plex', 'root', 'sums', 'esp', 'disk']],
    ['firstboot/main.tsx', ['bundle', 'layer', 'esp', 'disk']],
  ]
  for (const [file, steps] of cases) {
    const before = await keysOf(copy)
    const bytes = await readFile(join(copy, file))
    bytes[bytes.length - 1]! ^= 1
    await writeFile(join(copy, file), bytes)
    expect(different(before, await keysOf(copy)), file).toEqual(steps)
  }
})

test('another port of a service changes our own files, and no container', async () => {
  const copy = await copyOfProject()
  const before = await keysOf(copy)
  const file = join(copy, 'image/services/sonarr.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace('port: 8989', 'port: 8990'))
  expect(different(before, await keysOf(copy))).toEqual(['layer', 'esp', 'disk'])
})

test('another package in the recipe changes the root file system', async () => {
  const copy = await copyOfProject()
  const before = await keysOf(copy)
  await appendFile(join(copy, 'image/packages/system.yaml'), '\n  - name: hello\n    why: greets\n')
  expect(different(before, await keysOf(copy))).toEqual(['root', 'sums', 'esp', 'disk'])
})
