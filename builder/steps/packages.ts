import { createWriteStream } from 'node:fs'
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { LockedPackage } from '../archive/lock.ts'
import type { StepHandler } from '../execute/execute-plan.ts'
import { explainDiskFull, UserError } from '../shared/errors.ts'
import { exists } from '../shared/files.ts'
import { sha256OfFile } from '../shared/hash.ts'
import type { Runner } from '../shared/run.ts'

/** Parameters of the step `packages`. */
export const PackagesParams = z.object({ packages: z.array(LockedPackage) })

/** A package of the lock that no mirror has any more. */
export class PackageGone extends UserError {
  override readonly name = 'PackageGone'
}

const PARALLEL = 6

/** Fetches one package into the download folder by hash; a part that was broken off is thrown away. */
export async function fetchPackage(
  locked: LockedPackage,
  target: string,
  roots: readonly string[],
  signal: AbortSignal,
  onBytes: (n: number) => void,
): Promise<void> {
  const reasons: string[] = []
  let received = 0
  for (const root of roots) {
    const part = `${target}.${process.pid}.part`
    try {
      const response = await fetch(`${root}/${locked.path.split('/').map(encodeURIComponent).join('/')}`, { signal })
      if (!response.ok || response.body === null) {
        await response.body?.cancel()
        reasons.push(String(response.status))
        continue
      }
      const hash = createHash('sha256')
      const count = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk)
          received += chunk.length
          onBytes(chunk.length)
          done(null, chunk)
        },
      })
      await pipeline(Readable.fromWeb(response.body), count, createWriteStream(part))
      if (hash.digest('hex') !== locked.sha256)
        throw new UserError(
          `The archive sent other bytes for ${locked.name} ${locked.version} than the lock names.`,
          'Try again, or make the lock anew: npm run lock',
        )
      await rename(part, target)
      return
    } catch (error) {
      await rm(part, { force: true })
      onBytes(-received)
      received = 0
      if (signal.aborted || error instanceof UserError || (error as NodeJS.ErrnoException).code === 'ENOSPC')
        throw explainDiskFull(error)
      reasons.push(String((error as Error).cause ?? error))
    }
  }
  const gone = reasons.length > 0 && reasons.every(reason => reason === '404')
  if (gone)
    throw new PackageGone(
      `${locked.name} ${locked.version} is in the lock but no longer in the archive.`,
      'Make the lock anew: npm run lock',
    )
  throw new UserError(
    `${locked.name} ${locked.version} could not be downloaded: ${[...new Set(reasons)].join('; ') || 'no mirror is known'}.`,
    'Look at the network connection and run the same command again; what is downloaded already is kept.',
  )
}

/** A package's entry for an apt index, as its own control file tells it; `name` is its file below the index. */
export async function stanza(deb: string, name: string, run: Runner): Promise<string> {
  const { stdout } = await run({ argv: ['dpkg-deb', '-f', deb] })
  return `${stdout.trimEnd()}\nFilename: ${name}\nSize: ${(await stat(deb)).size}\nSHA256: ${await sha256OfFile(deb)}\n`
}

/** The entry of a locked package, remembered beside its download. */
async function keptStanza(locked: LockedPackage, deb: string, run: Runner): Promise<string> {
  const cached = `${deb}.control`
  if (!(await exists(cached))) {
    const { stdout } = await run({ argv: ['dpkg-deb', '-f', deb] })
    await writeFile(`${cached}.${process.pid}`, stdout)
    await rename(`${cached}.${process.pid}`, cached)
  }
  return `${(await readFile(cached, 'utf8')).trimEnd()}\nFilename: ./${locked.sha256}.deb\nSize: ${locked.size}\nSHA256: ${locked.sha256}\n`
}

/** Whether a package is there and has its bytes: results are links to it, so damage to one is damage to both. */
async function isDownloaded(locked: LockedPackage, deb: string): Promise<boolean> {
  if (!(await exists(deb))) return false
  if ((await sha256OfFile(deb)) === locked.sha256) return true
  await rm(deb)
  return false
}

/** Makes a small apt archive that holds the locked packages and nothing else. */
export function packagesStep(roots: () => Promise<readonly string[]>): StepHandler {
  return async ({ step, out, store, run, signal, progress }) => {
    const { packages } = PackagesParams.parse(step.params)
    const debs = store.sidePath('debs')
    const target = (locked: LockedPackage) => join(debs, `${locked.sha256}.deb`)
    await mkdir(debs, { recursive: true })
    // A killed build leaves parts under its own process id; the store belongs to this one now.
    for (const name of await readdir(debs))
      if (name.endsWith('.part') && !name.endsWith(`.${process.pid}.part`)) await rm(join(debs, name))
    const absent: LockedPackage[] = []
    for (const locked of packages) if (!(await isDownloaded(locked, target(locked)))) absent.push(locked)
    const known = absent.length === 0 ? [] : await roots()
    const total = packages.reduce((sum, { size }) => sum + size, 0)
    let done = total - absent.reduce((sum, { size }) => sum + size, 0)
    const stanzas = new Map<string, string>()
    const queue = [...packages]
    const missing = new Set(absent)
    const failed = new AbortController()
    const either = AbortSignal.any([signal, failed.signal])
    const worker = async () => {
      for (let locked = queue.shift(); locked !== undefined; locked = queue.shift()) {
        either.throwIfAborted()
        if (missing.has(locked)) {
          await fetchPackage(locked, target(locked), known, either, bytes => {
            done += bytes
            progress('downloading packages', done, total)
          })
        }
        stanzas.set(locked.sha256, await keptStanza(locked, target(locked), run))
        await link(target(locked), join(out, `${locked.sha256}.deb`))
      }
    }
    // The first failure ends the other downloads, and all are waited for: nothing may write after the step has ended.
    await Promise.allSettled(
      Array.from({ length: PARALLEL }, async () => await worker().catch((error: unknown) => failed.abort(error))),
    )
    either.throwIfAborted()
    await writeFile(join(out, 'Packages'), packages.map(({ sha256 }) => stanzas.get(sha256) ?? '').join('\n'))
  }
}
