import { appendFile, cp, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeBareDebian } from '../bench/bare-debian.ts'
import { type Figure, median, meets, renderFigures } from '../bench/figures.ts'
import { measureBare } from '../bench/measure-bare.ts'
import { openWorkshop, seconds } from '../bench/workshop.ts'
import type { CommandFunction } from './command.ts'
import { places } from '../places.ts'
import { standinRequest } from '../prepare-containers.ts'
import { type BootTime, measureBoot } from '../qemu/measure-boot.ts'
import { findBase, loadRecipe } from '../recipe/load.ts'
import { packagesFor } from '../recipe/packages.ts'
import type { Base } from '../recipe/schema.ts'
import { writeFileAtomically } from '../shared/files.ts'
import { sha256OfFile } from '../shared/hash.ts'
import { run } from '../shared/run.ts'

const MEBIBYTE = 1024 * 1024

/** `npm run bench`: measures the figures that the project promises; ratios are of runs side by side, `--pairs N` of them. */
export const bench: CommandFunction = async (args, signal) => {
  const { values } = parseArgs({
    args: [...args],
    options: { pairs: { type: 'string', default: '1' }, 'no-boot': { type: 'boolean', default: false } },
  })
  const pairs = Number(values.pairs)
  const { project } = places()
  const recipe = await loadRecipe(project)
  const base = findBase(recipe, 'debian-13')
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const scratch = await mkdtemp(join(process.env['MEDIASERVER_VM_DIR'] ?? tmpdir(), 'mediaserver-bench-'))
  // Without the containers themselves; the stand-ins for them are made all the same, for their digests.
  const build = ['image', '--base', base.id, '--sources', 'standin', '--flavour', 'core']
  const systemPackages = packagesFor(recipe, base)
  const standins = await standinRequest(project, recipe)
  const plainTar = async (of: Base, packages: readonly { readonly name: string }[]) => {
    const names = packages.map(({ name }) => name).join(',')
    const sources = [`--components=${of.components.join(' ')}`, of.suite, join(scratch, 'plain.tar')]
    const options = ['--variant=apt', '--aptopt=APT::Install-Recommends "false"', `--include=${names}`]
    await run({ argv: ['mmdebstrap', ...options, ...sources] }, { signal })
  }
  const figures: Figure[] = []
  try {
    const plain: number[] = []
    const stands: number[] = []
    const cold: number[] = []
    const digests = new Set<string>()
    await using shop = await openWorkshop(project)
    const image = join(shop.project, 'out', `media-server-${recipe.appliance.version}-${base.id}-core-demo.img`)
    for (let pair = 0; pair < pairs; pair++) {
      say(`cold build, pair ${pair + 1} of ${pairs}`)
      plain.push(await seconds(() => plainTar(base, systemPackages)))
      stands.push(await seconds(() => plainTar(standins.base, standins.chosen)))
      await rm(join(scratch, 'plain.tar'))
      await rm(shop.store, { recursive: true, force: true })
      cold.push(await shop.time(build, signal))
      digests.add(await sha256OfFile(image))
    }
    const ratios = cold.map((value, index) => value / ((plain[index] ?? Number.NaN) + (stands[index] ?? Number.NaN)))
    figures.push({
      name: 'cold build against plain mmdebstrap',
      value: median(ratios),
      unit: 'x',
      bar: 1.3,
      detail: `${median(cold).toFixed(1)} s against ${median(plain).toFixed(1)} s for the system and ${median(stands).toFixed(1)} s for the stand-ins, ${pairs} pair(s)`,
    })

    say('nothing changed')
    const again = median([
      await shop.time(build, signal),
      await shop.time(build, signal),
      await shop.time(build, signal),
    ])
    figures.push({
      name: 'rebuild with nothing changed',
      value: again,
      unit: 's',
      bar: 1,
      detail: 'whole process, median of 3',
    })

    say('one changed line in firstboot/')
    const changes: number[] = []
    for (let change = 0; change < 3; change++) {
      await appendFile(join(shop.project, 'firstboot/main.tsx'), `\nprocess.env['MEDIASERVER_BENCH'] = '${change}'\n`)
      changes.push(await shop.time(build, signal))
    }
    figures.push({
      name: 'rebuild after one changed line',
      value: median(changes),
      unit: 's',
      bar: 10,
      detail: 'up to a bootable image, median of 3',
    })
    figures.push({
      name: 'the same against the cold build',
      value: median(changes) / median(cold),
      unit: 'x',
      bar: 0.1,
      detail: `${median(changes).toFixed(1)} s against ${median(cold).toFixed(1)} s`,
    })
    figures.push({
      name: 'image without payload',
      value: (await stat(image)).size / MEBIBYTE,
      unit: 'MiB',
      bar: 750,
      detail: base.id,
    })

    say('a second build from the same lock in another folder')
    await using other = await openWorkshop(project)
    await cp(join(shop.store, 'lock.yaml'), join(other.store, 'lock.yaml'), { recursive: true }).catch(() => undefined)
    await other.time(build, signal)
    digests.add(await sha256OfFile(image.replace(shop.project, other.project)))
    figures.push({
      name: 'two builds from one lock',
      value: digests.size === 1 ? 1 : 0,
      unit: 'equal',
      bar: 1,
      detail: `${pairs + 1} images, ${digests.size} digest(s)`,
    })

    if (!values['no-boot']) {
      say('a bare Debian to compare the boot with')
      const bare = await makeBareDebian(scratch, base, run, signal)
      const ours: BootTime[] = []
      const theirs: number[] = []
      for (let pair = 0; pair < Math.max(3, pairs); pair++) {
        say(`boot, pair ${pair + 1}`)
        theirs.push(await measureBare(bare))
        ours.push(await measureBoot(image.replace(shop.project, other.project)))
      }
      const kernel = ours.map(boot => boot.kernelToFirstScreen)
      const unit = ours.map(boot => boot.unitToFirstScreen)
      figures.push({
        name: 'kernel to first screen against a bare Debian to login',
        value: median(kernel.map((value, index) => value / (theirs[index] ?? Number.NaN))),
        unit: 'x',
        bar: 1,
        detail: `${median(kernel).toFixed(1)} s against ${median(theirs).toFixed(1)} s, ${ours.length} pairs`,
      })
      figures.push({
        name: 'start of the unit to first screen',
        value: median(unit),
        unit: 's',
        bar: 1,
        detail: `${ours[0]?.accel}, median of ${ours.length}, at most ${Math.max(...unit).toFixed(2)} s`,
      })
    }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  say(renderFigures(figures))
  await writeFileAtomically(join(project, 'out/bench.json'), `${JSON.stringify(figures, null, 2)}\n`)
  return figures.every(meets) ? 0 : 1
}
