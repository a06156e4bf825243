import { exists } from '../changes/block-devices.ts'
import type { Site } from '../changes/change.ts'
import { PROJECT } from '../stack/compose.ts'
import { stackFolder } from '../stack/folders.ts'

/** How compose is called for the stack, with the override of the user where there is one. */
export async function composeArguments(site: Site): Promise<{ argv: [string, ...string[]]; override: string | null }> {
  const folder = site.path(stackFolder(site.answers.user))
  const own = ['compose.override.yaml', 'compose.override.yml'].map(name => `${folder}/${name}`)
  const there = await Promise.all(own.map(exists))
  const override = own.find((_, index) => there[index]) ?? null
  const files = [`${folder}/compose.yaml`, ...(override === null ? [] : [override])]
  return {
    override,
    argv: [
      'docker',
      'compose',
      '--ansi=never',
      `--project-name=${PROJECT}`,
      `--project-directory=${folder}`,
      `--env-file=${folder}/.env`,
      ...files.map(file => `--file=${file}`),
    ],
  }
}
