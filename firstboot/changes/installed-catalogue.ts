import { readFile } from 'node:fs/promises'
import { ChangeFailure } from '../apply/failure.ts'
import type { Catalogue } from '../stack/catalogue.ts'
import { cataloguePath } from '../stack/catalogue.ts'
import { chosenServices } from '../stack/choose.ts'
import { parseCatalogue } from '../stack/parse-catalogue.ts'
import type { Site } from './change.ts'

/** Every service that the system which is set up carries. */
export async function readCatalogue(site: Site): Promise<Catalogue> {
  const text = await readFile(site.path(cataloguePath), 'utf8').catch(() => null)
  if (text === null)
    throw new ChangeFailure(
      'The list of the services is missing on this system.',
      'Set the machine up again from the stick; films and downloads can be kept.',
    )
  return parseCatalogue(text)
}

/** Those that the answers come to. */
export const wantedServices = async (site: Site): Promise<Catalogue> =>
  chosenServices(await readCatalogue(site), site.answers)
