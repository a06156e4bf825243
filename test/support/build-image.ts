import { buildImage } from '../../builder/build.ts'
import { places } from '../../builder/places.ts'
import { parseBuildOptions } from '../../builder/options.ts'
import { plainReporter } from '../../builder/reporters/plain.ts'
import { run } from '../../builder/shared/run.ts'

/** Builds the image that the virtual machines boot, unless one is named: tests prove this checkout and no older one. */
export default async function buildImageUnderTest(): Promise<void> {
  if ((process.env['MEDIASERVER_IMAGE'] ?? '') !== '') return
  const here = places()
  const options = parseBuildOptions(
    ['--base', 'debian-13', '--sources', 'standin', '--out', `${here.project}/out`],
    process.env,
  )
  process.env['MEDIASERVER_IMAGE'] = await buildImage(
    here,
    options,
    run,
    plainReporter(line => console.log(line)),
    new AbortController().signal,
  )
}
