import { constants } from 'node:fs'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { UserError } from '../shared/errors.ts'
import { accelArguments } from './arguments.ts'
import { copyKernel } from './image-kernel.ts'
import type { Accel } from './options.ts'

const TRIAL_MILLISECONDS = 10_000

// Without a root file system a kernel that works gets exactly this far, in about a second.
const CAME_UP = /VFS: Unable to mount root fs|Run \/init as init process|No working init found/

/** What the user decided about KVM; undefined means: find out. */
export function chosenAccel(environment: NodeJS.ProcessEnv = process.env): Accel | undefined {
  const chosen = environment['MEDIASERVER_ACCEL']
  if (chosen === undefined || chosen === '' || chosen === 'auto') return undefined
  if (chosen === 'kvm' || chosen === 'tcg') return chosen
  throw new UserError(`MEDIASERVER_ACCEL is "${chosen}".`, 'It can be kvm, tcg or auto.')
}

/** Boots a kernel under an accelerator for a short while, and says whether it came up. */
export async function tryKernel(kernel: string, accel: Accel, milliseconds = TRIAL_MILLISECONDS): Promise<boolean> {
  const result = await execa(
    'qemu-system-x86_64',
    [
      '-nodefaults',
      '-no-user-config',
      '-M',
      'q35',
      ...accelArguments(accel),
      '-m',
      '512',
      '-display',
      'none',
      '-no-reboot',
      '-serial',
      'stdio',
      '-kernel',
      kernel,
      '-append',
      'console=ttyS0 panic=-1',
    ],
    { stdin: 'ignore', reject: false, timeout: milliseconds, forceKillAfterDelay: 500, cleanup: true },
  )
  return CAME_UP.test(result.stdout)
}

async function findByTrial(image: string): Promise<Accel> {
  const opens = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!opens) return 'tcg'
  const folder = await mkdtemp(join(tmpdir(), 'mediaserver-accel-'))
  try {
    await copyKernel(image, join(folder, 'vmlinuz'))
    return (await tryKernel(join(folder, 'vmlinuz'), 'kvm')) ? 'kvm' : 'tcg'
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

let verdict: Promise<Accel> | undefined

/**
 * How to run guests on this computer. /dev/kvm may open and still not run a kernel, so the image's own kernel is tried,
 * once a process. Without an image there is nothing to try with: what an earlier machine found holds, else translation.
 */
export async function findAccel(image: string | undefined): Promise<Accel> {
  const chosen = chosenAccel()
  if (chosen !== undefined) return chosen
  if (image !== undefined) verdict ??= findByTrial(image)
  return verdict ?? 'tcg'
}
