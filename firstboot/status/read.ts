import { readProgress, readVerification } from '../verify/store.ts'
import type { Progress } from '../verify/run-checks.ts'
import type { Verification } from '../verify/verification.ts'
import { probeNetwork } from '../probe/machine.ts'
import type { Root } from '../root.ts'
import { run as runProgram } from '../run.ts'
import { dataDisk, type DataDisk } from './data-disk.ts'
import { parseServices, type Service, systemctlArguments } from './services.ts'

/** What an installed machine shows of itself. Null is not known right now: ask again. */
export interface Status {
  readonly hostname: string
  /** The person's account; empty when there is none. */
  readonly user: string
  readonly addresses: readonly string[] | null
  readonly services: readonly Service[] | null
  readonly data: DataDisk
  /** The last one, however old it is. */
  readonly verification: Verification | null
  /** How far the one is that is being made right now. */
  readonly verifying: Progress | null
}

/** How long a program may take to answer a person who waits for it, in milliseconds. */
export const answerWithin = 180

/** Looks at the installed machine; never waits longer than `patience` milliseconds and never throws. `run` is for tests. */
export async function readStatus(
  root: Root,
  patience: number = answerWithin,
  run: typeof runProgram = runProgram,
): Promise<Status> {
  const [addresses, services] = await Promise.all([
    within(
      probeNetwork(root).then(network => network.flatMap(item => item.addresses)),
      patience,
    ),
    within(
      run('systemctl', systemctlArguments, patience).then(ended =>
        ended.code === 0 ? parseServices(ended.stdout) : null,
      ),
      patience,
    ),
  ])
  return {
    hostname: (root.text('/etc/hostname') ?? '').trim() || 'mediaserver',
    user: userOf(root.text('/etc/passwd') ?? ''),
    addresses,
    services,
    data: dataDisk(
      root.text('/proc/self/mountinfo') ?? '',
      root.text('/etc/fstab') ?? '',
      root.text('/etc/systemd/system/data.mount') !== null,
    ),
    verification: readVerification(root),
    verifying: readProgress(root),
  }
}

/** The same, with what a slow answer left open filled in from before. */
export const withKnown = (now: Status, before: Status | null): Status => ({
  ...now,
  addresses: now.addresses ?? before?.addresses ?? null,
  services: now.services ?? before?.services ?? null,
})

/** The first account that a person has: uid 1000 by adduser and by this set-up. */
const userOf = (passwd: string): string => /^([^:\n]+):[^:\n]*:1000:/m.exec(passwd)?.[1] ?? ''

async function within<T>(answer: Promise<T>, patience: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>(resolve => {
    timer = setTimeout(() => resolve(null), patience)
  })
  try {
    return await Promise.race([answer.catch(() => null), late])
  } finally {
    clearTimeout(timer)
  }
}
