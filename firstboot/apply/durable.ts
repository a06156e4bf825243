import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes what a folder lists durable, see fsync(2). */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r')
  await folder.sync()
}

/** How a file is written: permission bits, and the numbers of its owner and group. */
export interface Ownership {
  readonly mode: number
  readonly uid?: number
  readonly gid?: number
}

/** Writes a file so that a power cut leaves either the old one or the new one, never a part; makes its folder. */
export async function writeDurably(path: string, text: string, { mode, uid = 0, gid = 0 }: Ownership): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomBytes(4).toString('hex')}.new`
  try {
    {
      // The final permissions from the first byte on: the text may be a secret.
      await using file = await open(temporary, 'wx', mode & 0o700)
      await file.writeFile(text)
      if (process.getuid?.() === 0) await file.chown(uid, gid)
      await file.chmod(mode)
      await file.sync()
    }
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
