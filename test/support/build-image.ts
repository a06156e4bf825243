import { buildImage } from '../../builder/build.ts'
import { places } from '../../builder/places.ts'
import { parseBuildOptions } from '../../builder/options.ts'
import { findAccel } from '../../builder/qemu/accel.ts'
import { plainReporter } from '../../builder/reporters/plain.ts'
import { run } from '../../builder/shared/run.ts'

/**
 * Builds the image that the virtual machines boot, unless one is named: tests prove this checkout and no older one. How
 * they are run is found out once: a trial of KVM takes ten seconds where it hangs.
 */
export default async function prepareMachines(): Promise<void> {
  const named = process.env['MEDIASERVER_IMAGE'] ?? ''
  const image = named === '' ? await buildStandinImage([]) : named
  process.env['MEDIASERVER_IMAGE'] = image
  const accel = await findAccel(image)
  process.env['MEDIASERVER_ACCEL'] = accel
  // Whoever reads how long tests took has to know it.
  console.log(`Virtual machines run ${accel === 'kvm' ? 'with KVM' : 'emulated, without KVM'}.`)
}

/** Builds an image of Debian 13 with stand-ins from this checkout, with further options; gives its path. */
export async function buildStandinImage(further: readonly string[]): Promise<string> {
  const here = places()
  const usual = ['--base', 'debian-13', '--sources', 'standin', '--out', `${here.project}/out`]
  const options = parseBuildOptions([...usual, ...further], process.env)
  return await buildImage(
    here,
    options,
    run,
    plainReporter(line => console.log(line)),
    new AbortController().signal,
  )
}
