import { spawnSync } from 'node:child_process'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { renderManifest } from '../../builder/plan/manifest.ts'
import { planBuild, type BuildInputs } from '../../builder/plan/plan-build.ts'
import { run } from '../../builder/shared/run.ts'
import { debian13 } from '../unit/plan/fixture-inputs.ts'
import { temporaryFolder } from '../unit/shared/fixtures.ts'

interface Workflow {
  readonly jobs: { readonly image: { readonly steps: readonly { readonly name?: string; readonly run?: string }[] } }
}

const workflow = join(import.meta.dirname, '../../.github/workflows/release.yml')
const published: BuildInputs = { ...debian13, private: false, plex: { ...debian13.plex, install: 'first-boot' } }
const name = 'media-server-0.1.0-debian-13-full'

let out = ''
beforeEach(async () => {
  out = await temporaryFolder()
  await writeFile(join(out, `${name}.img`), 'the image')
  await writeFile(join(out, `${name}.manifest.json`), renderManifest(planBuild(published), published))
})

/** Looks at a folder as the release does, for a tag; gives what it says. */
async function look(tag: string): Promise<{ status: number | null; said: string }> {
  const { jobs } = parse(await readFile(workflow, 'utf8')) as Workflow
  const script = jobs.image.steps.find(step => step.name === 'Look at what was built')?.run ?? ''
  const env = { PATH: '/usr/bin:/bin', GITHUB_REF_NAME: tag }
  const { status, stdout } = spawnSync('bash', ['-e', '-c', script], { cwd: out, env, encoding: 'utf8' })
  return { status, said: stdout }
}

test('a release has sums that fit its files', async () => {
  expect(await look('v0.1.0')).toMatchObject({ status: 0 })
  const { stdout } = await run({ argv: ['sha256sum', '-c', 'SHA256SUMS'], cwd: out })
  expect(stdout).toBe(`${name}.img: OK\n${name}.manifest.json: OK`)
})

test('a tag that is not the version of the recipe makes no release', async () => {
  expect(await look('v0.2.0')).toMatchObject({ status: 1, said: expect.stringContaining('does the tag fit') })
})

test('an image with Plex in it is not handed on', async () => {
  await writeFile(join(out, `${name}.manifest.json`), renderManifest(planBuild(debian13), debian13))
  expect(await look('v0.1.0')).toMatchObject({ status: 1, said: expect.stringContaining('must not be handed on') })
})

test('an image that a release does not take is told', async () => {
  await truncate(join(out, `${name}.img`), 2 ** 31)
  expect(await look('v0.1.0')).toMatchObject({ status: 1, said: expect.stringContaining('too large') })
})
