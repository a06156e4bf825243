import { randomBytes } from 'node:crypto'
import { lstat, mkdir, open, readdir, readFile, readlink, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sha256 } from './hash.ts'

/** Every file below a folder as sorted paths relative to it; an absent folder has none. */
export async function listFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    },
  )
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}

/** One digest for a folder: names, bytes and the executable bit of its files, where its links lead; no times, no owners. */
export async function digestOfTree(root: string): Promise<string> {
  const lines: string[] = []
  for (const path of await listFiles(root)) {
    const full = join(root, path)
    const found = await lstat(full)
    const kind = found.isSymbolicLink() ? 'link' : (found.mode & 0o111) === 0 ? 'file' : 'program'
    lines.push(`${path} ${kind} ${sha256(kind === 'link' ? await readlink(full) : await readFile(full))}`)
  }
  return sha256(lines.join('\n'))
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes a file so that a power cut leaves either the old or the new one, never a part. */
export async function writeFileAtomically(path: string, data: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    const handle = await open(temporary, 'w', 0o644)
    try {
      await handle.writeFile(data)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
    await syncPath(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Makes a folder's files durable, then gives it its final name in one move. */
export async function publishFolder(staging: string, final: string): Promise<void> {
  for (const path of await listFiles(staging)) await syncPath(join(staging, path))
  await syncPath(staging)
  await rename(staging, final)
  await syncPath(dirname(final))
}

/** Whether a path exists. */
export async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}
