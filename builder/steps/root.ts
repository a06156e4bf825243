import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { StepHandler } from '../execute/execute-plan.ts'
import { listFiles } from '../shared/files.ts'
import { UserError } from '../shared/errors.ts'
import { plexFiles } from './plex.ts'
import { rootCommand, RootParams, type RootPaths } from './root-command.ts'

/**
 * Lines of mmdebstrap that mean a system with holes, although it ends well.
 * A folder that "is missing in the target" is none: before the first package there is no /proc to mount on.
 */
export function incompleteWarnings(stderr: string): string[] {
  const hole =
    /^W: (?:cannot mount|cannot execute mount|skipping (?:bind-)?mount|since mounting \/proc normally failed)/
  return stderr.split('\n').filter(line => hole.test(line) && !line.includes('is missing in the target'))
}

const PHASES: readonly [RegExp, string][] = [
  [/extracting archives/, 'unpacking the essential packages'],
  [/installing essential/, 'installing the essential packages'],
  [/installing remaining/, 'installing the other packages'],
  [/customize-hook/, 'setting the system up'],
  [/creating tarball/, 'compressing'],
]

/** The root file system of the live system and of the installed one, and the files that start it. */
export function rootStep(mode: 'root' | 'unshare', node: string): StepHandler {
  return async ({ step, project, out, result, run, signal, progress }) => {
    const params = RootParams.parse(step.params)
    const paths: RootPaths = {
      archive: result('packages'),
      overlay: join(out, 'tmp/overlay.tar'),
      node,
      squashfs: join(out, 'root.squashfs'),
      boot: join(out, 'boot'),
      temporary: join(out, 'tmp'),
      sourcesList: join(out, 'tmp/sources.list'),
      plex: {
        archive: result('plex'),
        sources: join(result('plex'), plexFiles.sources),
        key: join(result('plex'), plexFiles.key),
      },
    }
    await mkdir(paths.temporary, { recursive: true })
    await mkdir(paths.boot, { recursive: true })
    await writeFile(paths.sourcesList, params.sources)
    const overlay = join(project, 'overlays/root')
    await run(
      {
        argv: [
          'tar',
          '--create',
          `--file=${paths.overlay}`,
          '--owner=0',
          '--group=0',
          '--numeric-owner',
          `--mtime=@${params.epoch}`,
          '--mode=u=rwX,go=rX',
          '--no-recursion',
          `--directory=${overlay}`,
          ...(await listFiles(overlay)),
        ],
      },
      { signal },
    )
    const { stderr } = await run(rootCommand(params, paths, mode), {
      signal,
      onLine: line => {
        const phase = PHASES.find(([pattern]) => pattern.test(line))
        if (phase !== undefined) progress(phase[1])
      },
    })
    const warnings = incompleteWarnings(stderr)
    if (warnings.length > 0) {
      throw new UserError(
        `mmdebstrap could not mount what it needs, so the system would have holes:\n    ${warnings.join('\n    ')}`,
        'Run as root, or where user namespaces may mount; in a container that needs CAP_SYS_ADMIN.',
      )
    }
    await run({ argv: ['rm', '-rf', paths.temporary] })
    const made = await readdir(paths.boot)
    const lacking = ['vmlinuz', 'initrd.img', 'shimx64.efi', 'grubx64.efi', 'mmx64.efi', 'core.img', 'boot.img'].filter(
      name => !made.includes(name),
    )
    if (lacking.length > 0)
      throw new UserError(`The root file system has no ${lacking.join(', ')} in ${dirname(paths.squashfs)}.`)
  }
}
