import { z } from 'zod'
import { positionOf } from '../../firstboot/text/yaml-text.ts'
import type { UserError } from '../shared/errors.ts'
import { problem } from './problems.ts'
import type { YamlFile } from './yaml-file.ts'

const https = z.string().regex(/^https:\/\/\S+$/, 'expected an address that begins with https://')

/** Where Plex comes from, and when it is installed: the key `plex` of `image/appliance.yaml`. */
export const plexSchema = z
  .strictObject({
    install: z
      .enum(['baked', 'first-boot'])
      .describe('baked: Plex is in the image. first-boot: the machine fetches it from its maker once it is set up.'),
    publishBaked: z
      .boolean()
      .describe(
        "Whether an image that is published may have Plex in it. Plex's terms allow personal use and not handing it on, so this takes their permission. Without it, published images fetch Plex at first boot.",
      ),
    repository: z
      .strictObject({
        uri: https.describe('Root of the apt repository of its maker.'),
        suite: z
          .string()
          .regex(/^[a-z-]+$/, 'expected the name of a suite, for instance "public"')
          .describe('Its suite; the same one serves every distribution.'),
        components: z
          .array(z.string().regex(/^[a-z-]+$/))
          .min(1)
          .describe('Its components.'),
        key: https.describe('Where the key is that signs it.'),
        fingerprint: z
          .string()
          .regex(/^[0-9A-F]{40}$/, 'expected the 40 hexadecimal digits of a fingerprint, in capital letters')
          .describe('Fingerprint of that key; another key is refused.'),
      })
      .describe('The apt repository of its maker.'),
  })
  .describe('Plex Media Server.')

/** Plex, as the recipe has it. */
export type PlexRecipe = z.output<typeof plexSchema>

/** Where Plex is put into the system: by the builder, or by the machine itself once it is set up. */
export type PlexInstall = PlexRecipe['install']

/** How an image gets Plex. `publish`: the image is for others, and not for its builder alone. */
export function decidePlex(
  { install, publishBaked }: Pick<PlexRecipe, 'install' | 'publishBaked'>,
  { publish, sources }: { readonly publish: boolean; readonly sources: 'online' | 'standin' },
): PlexInstall {
  // What a stand-in image holds is ours.
  if (sources === 'standin') return install
  return publish && !publishBaked ? 'first-boot' : install
}

/** Whether an image is for its builder alone: Plex is in it, and nobody has allowed to hand that on. */
export function isPrivate(
  install: PlexInstall,
  { publishBaked }: Pick<PlexRecipe, 'publishBaked'>,
  sources: 'online' | 'standin',
): boolean {
  return sources === 'online' && install === 'baked' && !publishBaked
}

/** Faults between the keys of `plex`. */
export function plexProblems(source: YamlFile, { install, publishBaked }: PlexRecipe): UserError[] {
  return install === 'first-boot' && publishBaked
    ? [
        problem(
          source.file,
          positionOf(source, ['plex', 'publishBaked']),
          '"publishBaked": Plex is not in the image with install: first-boot, so there is nothing to allow; write false',
        ),
      ]
    : []
}
