import { chmod, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { STANDIN_FOLDER } from '../steps/standin-containers.ts'
import { run, type Runner } from '../shared/run.ts'

/** A copy of the project that a bench may change, with a store of its own. */
export interface Workshop extends AsyncDisposable {
  readonly project: string
  readonly store: string
  /** Runs a command of this copy as a process of its own; gives the seconds it took. */
  readonly time: (args: readonly string[], signal: AbortSignal) => Promise<number>
}

/** Seconds that a piece of work takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return (performance.now() - begin) / 1000
}

// What a build reads.
const READ = ['builder', 'firstboot', 'image', 'overlays', STANDIN_FOLDER, 'package.json', 'package-lock.json']

/** Copies what a build reads; node_modules is shared. */
export async function openWorkshop(project: string, runner: Runner = run): Promise<Workshop> {
  const folder = await mkdtemp(join(process.env['MEDIASERVER_VM_DIR'] ?? tmpdir(), 'mediaserver-bench-'))
  // Builds without root enter their store as another user.
  await chmod(folder, 0o755)
  const copy = join(folder, 'project')
  await mkdir(copy)
  for (const name of READ) {
    await cp(join(project, name), join(copy, name), { recursive: true, verbatimSymlinks: true })
  }
  await symlink(join(project, 'node_modules'), join(copy, 'node_modules'))
  const store = join(folder, 'store')
  return {
    project: copy,
    store,
    time: (args, signal) =>
      seconds(() =>
        runner(
          { argv: [process.execPath, 'builder/cli.ts', ...args], cwd: copy, env: { MEDIASERVER_STORE: store } },
          { signal },
        ),
      ),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
