import { chmod, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { exists, listFiles, publishFolder, writeFileAtomically } from '../shared/files.ts'
import { sha256OfFile } from '../shared/hash.ts'
import type { Runner } from '../shared/run.ts'
import type { LastParts } from '../plan/explain.ts'

const Stamp = z.strictObject({ sha256: z.string(), size: z.number(), mtimeNs: z.string(), ctimeNs: z.string() })
const Entry = z.strictObject({ files: z.record(z.string(), Stamp) })
type Stamp = z.infer<typeof Stamp>

const ENTRY_FILE = 'entry.json'

async function statStamp(path: string): Promise<Omit<Stamp, 'sha256'>> {
  const { size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
  return { size: Number(size), mtimeNs: String(mtimeNs), ctimeNs: String(ctimeNs) }
}

/**
 * Results of steps by content key. An entry appears whole, by one rename, or not at all.
 * A file whose times and size are as they were written is taken as sound; any other is read and compared with its digest.
 */
export class Store {
  readonly root: string
  readonly #run: Runner
  #remembering: Promise<unknown> = Promise.resolve()

  constructor(root: string, run: Runner) {
    this.root = root
    this.#run = run
  }

  /** The folder of an entry, whether it exists or not. */
  pathOf(key: string): string {
    return join(this.root, 'entries', key)
  }

  /** A file beside the entries that outlives them, for instance downloaded packages. */
  sidePath(...names: string[]): string {
    return join(this.root, ...names)
  }

  /** Removes what interrupted builds left; only to be called by the build that owns the store. */
  async cleanStaging(): Promise<void> {
    for (const area of ['staging', 'damaged']) await this.#remove(join(this.root, area))
    await mkdir(join(this.root, 'staging'), { recursive: true })
    await mkdir(join(this.root, 'entries'), { recursive: true })
  }

  async #remove(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true }).catch(async () => {
      // Files of a build without root belong to mapped users that only a user namespace can remove.
      await this.#run({ argv: ['mmdebstrap', '--unshare-helper', 'rm', '-rf', path] })
    })
  }

  /** An empty folder for the result of a step that is about to run. */
  async stage(key: string): Promise<string> {
    const path = join(this.root, 'staging', key)
    await this.#remove(path)
    await mkdir(path, { recursive: true, mode: 0o755 })
    return path
  }

  /** Drops a folder made by `stage`. */
  async discard(key: string): Promise<void> {
    await this.#remove(join(this.root, 'staging', key))
  }

  /** Turns a staged folder into an entry; gives its size in bytes. */
  async commit(key: string): Promise<number> {
    const staging = join(this.root, 'staging', key)
    const files: Record<string, Stamp> = {}
    let bytes = 0
    for (const name of await listFiles(staging)) {
      const path = join(staging, name)
      await chmod(path, (await stat(path)).mode & 0o111 ? 0o555 : 0o444)
      const stamp = await statStamp(path)
      files[name] = { sha256: await sha256OfFile(path), ...stamp }
      bytes += stamp.size
    }
    await writeFileAtomically(join(staging, ENTRY_FILE), JSON.stringify({ files }))
    await rm(this.pathOf(key), { recursive: true, force: true })
    await publishFolder(staging, this.pathOf(key))
    return bytes
  }

  /**
   * Whether an entry is there and sound; gives the first damaged file otherwise.
   * `deep` reads every byte, for entries that a step is about to build on.
   */
  async check(key: string, deep = false): Promise<'sound' | 'absent' | { damaged: string }> {
    const folder = this.pathOf(key)
    if (!(await exists(folder))) return 'absent'
    const parsed = await readFile(join(folder, ENTRY_FILE), 'utf8')
      .then(text => Entry.safeParse(JSON.parse(text)))
      .catch(() => undefined)
    if (parsed?.success !== true) return { damaged: ENTRY_FILE }
    let refreshed = false
    for (const [name, stamp] of Object.entries(parsed.data.files)) {
      const path = join(folder, name)
      const now = await statStamp(path).catch(() => undefined)
      if (now === undefined || now.size !== stamp.size) return { damaged: name }
      const untouched = now.mtimeNs === stamp.mtimeNs && now.ctimeNs === stamp.ctimeNs
      if (untouched && !deep) continue
      if ((await sha256OfFile(path)) !== stamp.sha256) return { damaged: name }
      if (!untouched) {
        Object.assign(stamp, now)
        refreshed = true
      }
    }
    if (refreshed) await writeFileAtomically(join(folder, ENTRY_FILE), JSON.stringify(parsed.data))
    return 'sound'
  }

  /** Takes a damaged entry out of the way. */
  async quarantine(key: string): Promise<void> {
    await mkdir(join(this.root, 'damaged'), { recursive: true })
    await rename(this.pathOf(key), join(this.root, 'damaged', key))
    await this.#remove(join(this.root, 'damaged', key))
  }

  /** The keys of all entries, unchecked. */
  async keys(): Promise<Set<string>> {
    return new Set(await readdir(join(this.root, 'entries')).catch(() => []))
  }

  /** What the steps for a base were made from when they last ran. */
  async lastParts(base: string): Promise<LastParts> {
    const text = await readFile(this.sidePath('last', `${base}.json`), 'utf8').catch(() => '{}')
    // Only an explanation hangs on it, so a damaged file counts as none.
    try {
      return z.record(z.string(), z.record(z.string(), z.string())).parse(JSON.parse(text))
    } catch {
      return {}
    }
  }

  /** Remembers what a step was made from, for the next explanation; steps that end together wait for each other. */
  async rememberParts(base: string, id: string, parts: Readonly<Record<string, string>>): Promise<void> {
    const write = this.#remembering.then(
      async () =>
        await writeFileAtomically(
          this.sidePath('last', `${base}.json`),
          JSON.stringify({ ...(await this.lastParts(base)), [id]: parts }),
        ),
    )
    this.#remembering = write.catch(() => undefined)
    await write
  }
}
