import { readProgress, readVerification } from '../verify/store.ts'
import type { Progress } from '../verify/run-checks.ts'
import type { Verification } from '../verify/verification.ts'
import { probeNetwork } from '../probe/machine.ts'
import { firstBootPath } from '../apply/places.ts'
import type { Root } from '../root.ts'
import { run as runProgram } from '../run.ts'
import { cataloguePath } from '../stack/catalogue.ts'
import { parseCatalogue } from '../stack/parse-catalogue.ts'
import { dataDisk, type DataDisk } from './data-disk.ts'
import { closedDoor } from '../domain/closed-door.ts'
import type { ServicePage } from './links.ts'
import { listContainers, parseStack, type StackStatus } from './stack.ts'
import { userOf } from './user.ts'
import { parseServices, type Service, systemctlArguments } from './services.ts'

/** What an installed machine shows of itself. Null is not known right now: ask again. */
export interface Status {
  readonly hostname: string
  /** The person's account; empty when there is none. */
  readonly user: string
  readonly addresses: readonly string[] | null
  readonly services: readonly Service[] | null
  /** The system is new, and its services were not set up yet: that they are off means nothing. */
  readonly firstSetUp: boolean
  /** What people open in a browser. */
  readonly pages: readonly ServicePage[] | null
  readonly data: DataDisk
  /** Why the internet is kept out of Jellyseerr, in a sentence; null when it is not, or there is none to open. */
  readonly closed: string | null
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
  const [addresses, units, stack] = await Promise.all([
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
    readStack(root, patience),
  ])
  const plex = units?.some(({ name }) => name === 'Plex') === true ? [PLEX_PAGE] : []
  const firstSetUp = root.text(firstBootPath) !== null
  const user = userOf(root.text('/etc/passwd') ?? '')
  return {
    hostname: (root.text('/etc/hostname') ?? '').trim() || 'mediaserver',
    user,
    addresses,
    services:
      units === null || stack === null
        ? null
        : [...stack.services, ...units].filter(({ state }) => !firstSetUp || state !== 'off'),
    firstSetUp,
    pages: units === null || stack === null ? null : [...plex, ...stack.pages],
    data: dataDisk(
      root.text('/proc/self/mountinfo') ?? '',
      root.text('/etc/fstab') ?? '',
      root.text('/etc/systemd/system/data.mount') !== null,
    ),
    closed: closedDoor(root, user),
    verification: readVerification(root),
    verifying: readProgress(root),
  }
}

/** The same, with what a slow answer left open filled in from before. */
export const withKnown = (now: Status, before: Status | null): Status => ({
  ...now,
  addresses: now.addresses ?? before?.addresses ?? null,
  services: now.services ?? before?.services ?? null,
  pages: now.pages ?? before?.pages ?? null,
})

const PLEX_PAGE: ServicePage = { name: 'Plex', port: 32_400, path: '/web' }
const NO_STACK: StackStatus = { services: [], pages: [] }

/** The stack as Docker lists it; none where there is no catalogue or no Docker, null where it does not answer in time. */
async function readStack(root: Root, patience: number): Promise<StackStatus | null> {
  const catalogue = root.text(cataloguePath)
  // Docker answers root alone; to others the rest is shown.
  if (catalogue === null || root.text(DOCKER_RUNS) === null || process.getuid?.() !== 0) return NO_STACK
  const listed = await listContainers(patience)
  return listed === null ? null : parseStack(listed, parseCatalogue(catalogue))
}

// It is there for as long as the program is.
const DOCKER_RUNS = '/run/docker.pid'

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
