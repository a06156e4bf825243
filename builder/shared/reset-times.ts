import { lutimes, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Gives every file and folder below and including `root` the same time (Unix seconds). */
export async function resetTimes(root: string, epoch: number): Promise<void> {
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const path = join(root, entry.name)
    if (entry.isDirectory()) await resetTimes(path, epoch)
    else await lutimes(path, epoch, epoch)
  }
  await lutimes(root, epoch, epoch)
}
