import { expect, test } from 'vitest'
import { explainPlan, partsOf, renderPlan, type LastParts } from '../../../builder/plan/explain.ts'
import { renderManifest } from '../../../builder/plan/manifest.ts'
import { planBuild, type BuildInputs } from '../../../builder/plan/plan-build.ts'
import { debian13 } from './fixture-inputs.ts'

const plan = planBuild(debian13)
const remembered: LastParts = Object.fromEntries(plan.steps.map(step => [step.id, partsOf(plan, step)]))
const changedBy = (change: Partial<BuildInputs>) => {
  const other = planBuild({ ...debian13, ...change })
  return other.steps.filter((step, index) => step.key !== plan.steps[index]?.key).map(step => step.id)
}

test('the plan of Debian 13 is the golden one, with every setting that its keys are made from', async () => {
  const settings = JSON.stringify(plan.steps, null, 2)
  const text = `${renderPlan(plan, explainPlan(plan, new Set(), {}))}\n${settings}\n`
  await expect(text).toMatchFileSnapshot('../../golden/debian-13.plan.txt')
})

test('each step comes after the steps that it needs', () => {
  const seen = new Set<string>()
  for (const step of plan.steps) {
    for (const id of step.needs) expect(seen).toContain(id)
    seen.add(step.id)
  }
})

test('an input changes the keys of the steps that read it, and of those that build on them, and no other', () => {
  const { digests, tools, lock } = debian13
  const nano = lock.packages.map(each => (each.name === 'nano' ? { ...each, sha256: 'f'.repeat(64) } : each))
  expect(changedBy({ digests: { ...digests, overlayConfig: 'x' } })).toEqual(['config', 'disk'])
  expect(changedBy({ digests: { ...digests, overlayFirstboot: 'x' } })).toEqual(['layer', 'esp', 'disk'])
  expect(changedBy({ digests: { ...digests, firstboot: 'x' } })).toEqual(['bundle', 'layer', 'esp', 'disk'])
  expect(changedBy({ digests: { ...digests, grubTemplate: 'x' } })).toEqual(['esp', 'disk'])
  expect(changedBy({ digests: { ...digests, overlayRoot: 'x' } })).toEqual(['root', 'sums', 'esp', 'disk'])
  expect(changedBy({ digests: { ...digests, node: 'x' } })).toEqual(['root', 'sums', 'esp', 'disk'])
  expect(changedBy({ tools: { ...tools, sfdisk: 'x' } })).toEqual(['disk'])
  expect(changedBy({ tools: { ...tools, mtools: 'x' } })).toEqual(['esp', 'config', 'disk'])
  expect(changedBy({ compressionLevel: 4 })).toEqual(['root', 'sums', 'esp', 'disk'])
  expect(changedBy({ lock: { ...lock, packages: nano } })).toEqual(['packages', 'root', 'sums', 'esp', 'disk'])
  expect(changedBy({ sizes: { ...debian13.sizes, configBytes: 1 } })).toEqual(['config', 'disk'])
})

const standin: BuildInputs = {
  ...debian13,
  sources: 'standin',
  containers: {
    kind: 'standin',
    suite: 'trixie',
    packages: ['caddy'],
    lock: debian13.lock,
    images: [{ service: 'sonarr', reference: 'registry.standin.test/sonarr:4.0.19' }],
    files: 'f'.repeat(64),
  },
}
const stepsOf = (inputs: BuildInputs) => planBuild(inputs).steps.map(step => step.id)
const needsOf = (inputs: BuildInputs, id: string) => planBuild(inputs).steps.find(step => step.id === id)?.needs

test('a full image carries its containers, a core image names them, and a demo makes them', () => {
  expect(stepsOf(debian13)).toEqual(expect.arrayContaining(['containers', 'payload']))
  expect(stepsOf(debian13)).not.toContain('container-packages')
  const core = stepsOf({ ...debian13, flavour: 'core' })
  expect(core).not.toContain('containers')
  expect(core).not.toContain('payload')
  expect(stepsOf(standin)).toEqual(expect.arrayContaining(['container-packages', 'containers', 'payload']))
  // Their digests are in the catalogue, so they are made even where they are not carried.
  expect(stepsOf({ ...standin, flavour: 'core' })).toContain('containers')
  expect(stepsOf({ ...standin, flavour: 'core' })).not.toContain('payload')
  expect(needsOf(standin, 'layer')).toContain('containers')
  expect(needsOf(debian13, 'layer')).toEqual(['bundle'])
})

test('another digest of a container changes what is carried and the catalogue, and no other step', () => {
  if (debian13.containers.kind !== 'registry') throw new TypeError('not of this test')
  const [sonarr] = Object.values(debian13.containers.images)
  if (sonarr === undefined) throw new TypeError('not of this test')
  const images = { sonarr: { ...sonarr, manifest: `sha256:${'c'.repeat(64)}` } }
  expect(changedBy({ containers: { kind: 'registry', images } })).toEqual([
    'containers',
    'payload',
    'layer',
    'esp',
    'disk',
  ])
})

const published: BuildInputs = { ...debian13, private: false, plex: { ...debian13.plex, install: 'first-boot' } }

test('core, full, private and demo images have names of their own', () => {
  expect(planBuild(debian13).name).toBe('media-server-0.1.0-debian-13-full-private')
  expect(planBuild(published).name).toBe('media-server-0.1.0-debian-13-full')
  expect(planBuild({ ...published, flavour: 'core' }).name).toBe('media-server-0.1.0-debian-13-core')
  expect(planBuild(standin).name).toBe('media-server-0.1.0-debian-13-full-demo')
})

test('the file beside an image says what it was made from, and whether Plex is in it', () => {
  const said = (inputs: BuildInputs) => JSON.parse(renderManifest(planBuild(inputs), inputs)) as unknown
  expect(said(debian13)).toMatchObject({ base: 'debian-13', flavour: 'full', sources: 'online', plex: 'baked' })
  expect(said(debian13)).toHaveProperty('steps.0', { id: 'packages', key: plan.steps[0]?.key, tools: {} })
  expect(said(published)).toMatchObject({ name: 'media-server-0.1.0-debian-13-full', plex: 'first-boot' })
})

const reasons = (present: ReadonlySet<string>, last: LastParts, of = plan) =>
  Object.fromEntries(
    explainPlan(of, present, last).map(({ step, runs, reason }) => [step.id, `${runs ? 'run' : 'reuse'}: ${reason}`]),
  )

test('a step whose key is in the store is reused', () => {
  const all = new Set(plan.steps.map(step => step.key))
  expect(new Set(Object.values(reasons(all, {})))).toEqual(new Set(['reuse: nothing changed']))
})

test('a step of which nothing is remembered has not been made yet', () => {
  expect(reasons(new Set(), {})['root']).toBe('run: has not been made yet')
})

test('a step that was made from the same parts but is not in the store has lost its result', () => {
  expect(reasons(new Set(), remembered)['root']).toBe('run: its result is no longer in the store')
})

test('a changed step names each input, setting, program and step that changed', () => {
  const other = planBuild({
    ...debian13,
    compressionLevel: 9,
    digests: { ...debian13.digests, overlayRoot: 'x' },
    tools: { ...debian13.tools, mksquashfs: 'x' },
  })
  const said = reasons(new Set(), remembered, other)
  expect(said['root']).toBe('run: changed: overlays/root, program mksquashfs, setting compressionLevel, the commands')
  expect(said['disk']).toBe('run: changed: setting guids, step esp, step payload, step root')
})

test('a part that a step no longer has counts as changed', () => {
  expect(reasons(new Set(), { ...remembered, bundle: { ...remembered['bundle'], 'setting old': 'x' } })['bundle']).toBe(
    'run: changed: setting old',
  )
})
