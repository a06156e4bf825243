import { chmod, cp, lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { z } from 'zod'
import { CARRIED_FILE, LAYOUT_FOLDER } from '../containers/carried.ts'
import { addImage, addLayer, finishLayout } from '../containers/layout.ts'
import type { Layer, Start } from '../containers/oci.ts'
import type { StepContext, StepHandler } from '../execute/execute-plan.ts'
import { exists, listFiles } from '../shared/files.ts'
import { UserError } from '../shared/errors.ts'
import { contained } from './contained.ts'

/** Where the stand-ins of the demo are written, below the project. */
export const STANDIN_FOLDER = 'test/standin'

/** Parameters of the step `containers` when it makes stand-ins. */
export const StandinParams = z.object({
  suite: z.string(),
  packages: z.array(z.string()),
  epoch: z.number().int(),
  /** Services in the order of their names, with the names that their images get. */
  images: z.array(z.object({ service: z.string(), reference: z.string() })),
})

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const ENTRYPOINT = 'entrypoint'

/**
 * The containers of the demo. All stand on one layer of Debian packages. A service with a folder `images/<service>` gets
 * the files in it, and is started by the `entrypoint` there; one with a program `programs/<service>.ts` gets Node and
 * that program besides, and `images/node` where it has no folder of its own.
 */
export function standinContainersStep(mode: 'root' | 'unshare', node: string): StepHandler {
  return async context => {
    const { step, project, out, run, signal, progress } = context
    const params = StandinParams.parse(step.params)
    const layout = join(out, LAYOUT_FOLDER)
    const work = join(out, 'tmp')
    await mkdir(work, { recursive: true })
    progress('installing the packages of the containers')
    const base = await addLayer(layout, await baseTar(params, mode, work, context), run, signal)
    progress('packing Node for the containers')
    const nodeLayer = await layerOf(layout, work, params.epoch, context, async tree => {
      await mkdir(join(tree, 'usr/local/bin'), { recursive: true })
      await cp(node, join(tree, 'usr/local/bin/node'))
    })
    const images: Record<string, { reference: string; manifest: string }> = {}
    for (const { service, reference } of params.images) {
      progress(`packing ${service}`)
      const program = join(project, STANDIN_FOLDER, 'programs', `${service}.ts`)
      const hasProgram = await exists(program)
      const own = join(project, STANDIN_FOLDER, 'images', service)
      const files = (await exists(own)) ? own : join(project, STANDIN_FOLDER, 'images/node')
      if (!hasProgram && files !== own)
        throw new UserError(
          `The demo has no stand-in for ${service}.`,
          `Write ${STANDIN_FOLDER}/programs/${service}.ts, or ${STANDIN_FOLDER}/images/${service}/${ENTRYPOINT}.`,
        )
      const top = await layerOf(layout, work, params.epoch, context, async tree => {
        await cp(files, tree, { recursive: true, verbatimSymlinks: true })
        if (hasProgram) await bundle(program, join(tree, 'app/main.mjs'))
      })
      const layers = hasProgram ? [base, nodeLayer, top] : [base, top]
      const start: Start = { Entrypoint: [`/${ENTRYPOINT}`], Env: [PATH] }
      images[service] = { reference, manifest: await addImage(layout, layers, start, params.epoch) }
    }
    await writeFile(join(out, CARRIED_FILE), JSON.stringify(await finishLayout(layout, images), null, 2))
    await rm(work, { recursive: true })
  }
}

async function baseTar(
  params: z.infer<typeof StandinParams>,
  mode: 'root' | 'unshare',
  work: string,
  { result, run, signal }: StepContext,
): Promise<string> {
  const tar = join(work, 'base.tar')
  const excludes = ['doc', 'man', 'info', 'locale', 'lintian', 'bash-completion'].map(
    name => `--dpkgopt=path-exclude=/usr/share/${name}/*`,
  )
  const argv: [string, ...string[]] = [
    'mmdebstrap',
    `--mode=${mode}`,
    '--variant=apt',
    '--format=tar',
    // A container gets its own devices.
    '--skip=output/dev',
    '--aptopt=APT::Install-Recommends "false"',
    ...excludes,
    '--dpkgopt=path-include=/usr/share/doc/*/copyright',
    `--include=${params.packages.join(',')}`,
    '--customize-hook=rm -rf "$1"/var/log/* "$1"/var/cache/* "$1"/var/lib/apt/* "$1/etc/hostname" "$1/etc/resolv.conf"',
    '--customize-hook=rm -f "$1"/etc/apt/sources.list.d/* "$1/etc/apt/sources.list" "$1/etc/machine-id"',
    params.suite,
    tar,
    `deb [trusted=yes] copy:${result('container-packages')} ./`,
  ]
  const env = { SOURCE_DATE_EPOCH: String(params.epoch), TMPDIR: work }
  await run({ argv: contained(argv, mode), name: 'mmdebstrap', env }, { signal })
  return tar
}

/** A layer of files that all belong to root and are as old as the lock; only the executable bit is taken from them. */
async function layerOf(
  layout: string,
  work: string,
  epoch: number,
  { run, signal }: StepContext,
  fill: (tree: string) => Promise<void>,
): Promise<Layer> {
  const tree = join(work, 'tree')
  const tar = join(work, 'layer.tar')
  await rm(tree, { recursive: true, force: true })
  await mkdir(tree, { recursive: true })
  await fill(tree)
  for (const path of await listFiles(tree)) {
    const { mode } = await lstat(join(tree, path))
    if ((mode & 0o170000) !== 0o120000) await chmod(join(tree, path), mode & 0o111 ? 0o755 : 0o644)
  }
  await run(
    {
      argv: [
        'tar',
        '--create',
        `--file=${tar}`,
        '--format=gnu',
        '--sort=name',
        '--owner=0',
        '--group=0',
        '--numeric-owner',
        `--mtime=@${epoch}`,
        '--mode=u=rwX,go=rX',
        `--directory=${tree}`,
        ...(await readdir(tree)).sort(),
      ],
    },
    { signal },
  )
  return await addLayer(layout, tar, run, signal)
}

async function bundle(program: string, to: string): Promise<void> {
  await build({
    entryPoints: [program],
    outfile: to,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'silent',
    // What comes from CommonJS asks for built-in modules by require().
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  }).catch((error: unknown) => {
    throw new UserError(`The stand-in ${program} does not compile:\n${(error as Error).message}`)
  })
}
