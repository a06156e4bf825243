import type { Site } from '../changes/change.ts'
import { takeLock } from '../lock.ts'

/** Who changes where the tunnel leads, or looks whether all of it agrees, has the lock on this file. It is in memory. */
export const vpnLockPath = '/run/mediaserver/vpn.lock'

/**
 * Does something with the settings of the tunnel while nobody else does: they are in several files and in the kernel, and a
 * set-up, the supervisor and a person may change them at the same time. Not to be called from within itself.
 */
export async function alone<T>(site: Site, body: () => Promise<T>): Promise<T> {
  await using _held = await takeLock(site.path(vpnLockPath), site.signal)
  return await body()
}
