import { realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { sha256 } from '../shared/hash.ts'

/**
 * Holds a folder for one process at a time; a second one waits.
 * The lock is a socket name in Linux' abstract namespace: the kernel frees it however its owner ends, so it is never stale.
 */
export async function holdExclusively(
  folder: string,
  onWait: () => void,
  signal?: AbortSignal,
): Promise<AsyncDisposable> {
  const name = `\0mediaserver-build-${sha256(realpathSync(folder)).slice(0, 32)}`
  for (let tries = 0; ; tries++) {
    const server = createServer()
    const taken = await new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(true) : reject(error),
      )
      server.listen(name, () => resolve(false))
    })
    if (!taken) {
      server.unref()
      return { [Symbol.asyncDispose]: async () => await new Promise<void>(resolve => server.close(() => resolve())) }
    }
    if (tries === 0) onWait()
    await delay(250, undefined, signal === undefined ? {} : { signal })
  }
}
