import { readFile, rm } from 'node:fs/promises'
import type { Site } from './change.ts'

const LOCKED = ['passwd', 'group', 'shadow', 'gshadow', 'subuid', 'subgid']

// All programs of Debian's package `passwd` that take these locks.
const HOLDERS = new Set(
  (
    'useradd userdel usermod groupadd groupdel groupmod groupmems newusers passwd gpasswd chpasswd chgpasswd chage chfn ' +
    'chsh vipw vigr pwck grpck pwconv pwunconv grpconv grpunconv'
  ).split(' '),
)

async function isHeld(lock: string): Promise<boolean> {
  const comm = await readFile(`/proc/${Number.parseInt(lock, 10)}/comm`, 'utf8').catch(() => '')
  return HOLDERS.has(comm.trim())
}

/**
 * Removes the locks of useradd(8) and its like that a power cut has left: they would wait for whoever has the number of
 * the program that died. (`.pwd.lock` is none of them; the kernel frees it with its owner.)
 */
export async function removeStaleLocks(site: Site): Promise<void> {
  for (const name of LOCKED) {
    const path = site.path(`/etc/${name}.lock`)
    const lock = await readFile(path, 'utf8').catch(() => null)
    if (lock === null) continue
    // In a system that does not run yet, the number is not even one of this boot.
    if (site.target === '' && (await isHeld(lock))) continue
    await rm(path, { force: true })
  }
}
