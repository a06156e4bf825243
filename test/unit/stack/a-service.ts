import { fileURLToPath } from 'node:url'
import { loadRecipe } from '../../../builder/recipe/load.ts'
import { renderCatalogue } from '../../../builder/containers/catalogue.ts'
import type { Catalogue, Service } from '../../../firstboot/stack/catalogue.ts'
import { parseCatalogue } from '../../../firstboot/stack/parse-catalogue.ts'

const digest = (letter: string) => `sha256:${letter.repeat(64)}`

/** A service that needs nothing; tests change what they are about. */
export const aService = (given: Partial<Service> = {}): Service => ({
  name: 'notes',
  title: 'Notes',
  purpose: 'remembers things',
  when: 'always',
  image: 'registry.example.org/notes:1.0',
  manifestDigest: digest('a'),
  configDigest: digest('b'),
  bytes: 1000,
  network: 'own',
  bridges: ['media'],
  ports: [],
  volumes: [],
  environment: {},
  health: ['true'],
  patience: 300,
  waitFor: 'healthy',
  after: [],
  options: {},
  ...given,
})

/** The catalogue of the product, as an image has it, with made-up digests. */
export async function productCatalogue(): Promise<Catalogue> {
  const { services } = await loadRecipe(fileURLToPath(new URL('../../..', import.meta.url)))
  const images = Object.fromEntries(
    services.map(({ name, image }) => [
      name,
      { reference: image, manifest: digest('a'), config: digest('b'), bytes: 1000 },
    ]),
  )
  return parseCatalogue(renderCatalogue(services, images))
}
