import { parseCatalogue } from '../../firstboot/stack/parse-catalogue.ts'
import type { ServiceRecipe } from '../recipe/service-schema.ts'
import type { CarriedImages } from './carried.ts'

/** The text of the catalogue in an image: the services of the recipe with the images they were pinned to. Pure. */
export function renderCatalogue(services: readonly ServiceRecipe[], images: CarriedImages): string {
  const pinned = services.map(service => {
    const image = images[service.name]
    if (image === undefined) throw new TypeError(`no image was pinned for ${service.name}`)
    return {
      ...service,
      image: image.reference,
      manifestDigest: image.manifest,
      configDigest: image.config,
      bytes: image.bytes,
    }
  })
  const text = `${JSON.stringify(pinned, null, 2)}\n`
  // What is written here is read by a program that was bundled from the same sources; better found out now.
  parseCatalogue(text)
  return text
}
