import { chmod, cp, lstat, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { listFiles } from '../shared/files.ts'
import { resetTimes } from '../shared/reset-times.ts'
import type { Runner } from '../shared/run.ts'

/** Where the stand-in for Plex lies in the project: `control/` for dpkg, `root/` as it is installed. */
export const standinPlex = 'test/standin/plex'

/** Makes the package of the stand-in for Plex; the same files and epoch give the same bytes. */
export async function makeStandinPlex(
  project: string,
  deb: string,
  epoch: number,
  run: Runner,
  signal?: AbortSignal,
): Promise<void> {
  const tree = `${deb}.tree`
  await mkdir(tree, { recursive: true })
  try {
    await cp(join(project, standinPlex, 'root'), tree, { recursive: true })
    await cp(join(project, standinPlex, 'control'), join(tree, 'DEBIAN'), { recursive: true })
    // A checkout's file modes depend on the umask of who made it; only the executable bit is ours.
    for (const path of await listFiles(tree))
      await chmod(join(tree, path), (await lstat(join(tree, path))).mode & 0o111 ? 0o755 : 0o644)
    await run({ argv: ['find', tree, '-type', 'd', '-exec', 'chmod', '755', '{}', '+'] })
    await resetTimes(tree, epoch)
    await run(
      {
        argv: ['dpkg-deb', '--root-owner-group', '-Zgzip', '--build', tree, deb],
        env: { SOURCE_DATE_EPOCH: String(epoch) },
      },
      signal === undefined ? {} : { signal },
    )
  } finally {
    await rm(tree, { recursive: true, force: true })
  }
}
