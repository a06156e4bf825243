import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Root } from './root.ts'

/** A file as the kernel counts it. */
export interface FileNumber {
  readonly device: bigint
  readonly inode: bigint
}

// "7: FLOCK  ADVISORY  WRITE 1234 00:1c:567 0 EOF", see proc_locks(5): both parts of the device are hexadecimal, the inode
// is not. Who only looks whether a lock is taken has READ, and who waits for one has an arrow before FLOCK.
const LINE = /^\d+: FLOCK +ADVISORY +WRITE +-?\d+ ([\da-f]+):([\da-f]+):(\d+) /gm

/** Whether the text of `/proc/locks` tells of somebody who has the lock on a file. Pure. */
export const tellsOfLock = (table: string, { device, inode }: FileNumber): boolean =>
  [...table.matchAll(LINE)].some(
    ([, major, minor, number]) =>
      BigInt(number ?? 0) === inode && deviceOf(BigInt(`0x${major}`), BigInt(`0x${minor}`)) === device,
  )

// As makedev(3) puts them together: the low bits of both are where they were when devices had sixteen bits.
const deviceOf = (major: bigint, minor: bigint): bigint =>
  (minor & 0xffn) | ((major & 0xfffn) << 8n) | ((minor & ~0xffn) << 12n) | ((major & ~0xfffn) << 32n)

/**
 * Whether somebody has a lock that `takeLock` takes. `isTaken` asks flock(1), which consoles could not afford each second; the
 * price is that only the kernel's first process namespace is told of it, in which this machine's programs are.
 */
export function isHeld(root: Root, path: string): boolean {
  try {
    const { dev, ino } = statSync(root.prefix === '' ? path : join(root.prefix, path), { bigint: true })
    return tellsOfLock(root.text('/proc/locks') ?? '', { device: dev, inode: ino })
  } catch {
    return false
  }
}
