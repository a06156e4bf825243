import { readdir, readFile } from 'node:fs/promises'
import { ChangeFailure } from '../apply/failure.ts'
import type { Site } from '../changes/change.ts'
import { type OwnFile, writeFiles } from '../changes/files.ts'
import { inspectContainers } from '../docker/containers.ts'
import { restartContainers } from '../docker/restart.ts'
import { configFolder } from '../stack/folders.ts'
import type { Stack, Wires } from '../wiring/link.ts'
import { findOwner } from '../wiring/owner.ts'
import {
  closedBecause,
  decideDoor,
  doorPath,
  type Door,
  firstDoor,
  isClosedIn,
  leavesDoorToUs,
  renderDoor,
} from './requests-door.ts'

// The containers run as the user of this machine, see USER_ID.
const owner = { uid: 1000, gid: 1000 }

/** The file of a door. Pure. */
const doorFile = (user: string, door: Door): OwnFile => ({
  path: doorPath(user),
  text: renderDoor(door),
  mode: 0o600,
  ...owner,
})

/** How the door of this machine is to be; null where there is none, or its owner has decided in the Caddyfile. */
export async function wantedDoor(wires: Pick<Wires, 'api' | 'stack'>, site: Site): Promise<Door | null> {
  if (!hasDoor(wires.stack) || !(await isOurs(site))) return null
  return decideDoor(await findOwner(wires), wires.stack.plexToken !== null)
}

const hasDoor = ({ services, publicUrl }: Stack): boolean => publicUrl !== '' && services.has('jellyseerr')

const isOurs = async (site: Site): Promise<boolean> =>
  leavesDoorToUs(
    await readFile(site.path(`${configFolder(site.answers.user, 'caddy')}/Caddyfile`), 'utf8').catch(() => ''),
  )

/**
 * Whether Jellyseerr begins anew while its door is open: its folder was taken away, and whoever comes first would own it.
 * `services` are those of this machine.
 */
export async function isOpenToNewcomers(services: readonly { readonly name: string }[], site: Site): Promise<boolean> {
  const { user, domain } = site.answers
  if (domain === null || !services.some(({ name }) => name === 'jellyseerr') || !(await isOurs(site))) return false
  const inside = await readdir(site.path(configFolder(user, 'jellyseerr'))).catch(() => [])
  const door = await readFile(site.path(doorPath(user)), 'utf8').catch(() => '')
  return inside.length === 0 && closedBecause(door) === null
}

/** Closes the door of a Jellyseerr that begins anew. */
export const closeToNewcomers = async (site: Site): Promise<void> => await putDoor(firstDoor, site)

/** Whether the door is so: in its file, and in what Caddy has in force. */
export async function doorStands(door: Door, site: Site): Promise<boolean> {
  const { path, text } = doorFile(site.answers.user, door)
  if ((await readFile(site.path(path), 'utf8').catch(() => '')) !== text) return false
  const closed = await closedInForce(site)
  return closed === null || closed === !door.open
}

/** Whether Caddy keeps the door closed right now; null when it does not run, and reads its files when it starts. */
async function closedInForce(site: Site): Promise<boolean | null> {
  const ask = ['docker', 'exec', 'caddy', 'wget', '-q', '-O', '-', 'http://localhost:2019/config/'] as const
  const { code, stdout } = await site.attempt(ask, { quiet: true })
  return code === 0 ? isClosedIn(stdout) : null
}

/** Opens or closes the door. Throws a `ChangeFailure` when Caddy does not come to it. */
export async function putDoor(door: Door, site: Site): Promise<void> {
  if (await doorStands(door, site)) return
  await writeFiles([doorFile(site.answers.user, door)], site)
  // One that does not run reads its files when it starts.
  if ((await inspectContainers(['caddy'], site)).get('caddy')?.status !== 'running') return
  const reload = [
    'docker',
    'exec',
    'caddy',
    'caddy',
    'reload',
    '--config',
    '/etc/caddy/Caddyfile',
    '--adapter',
    'caddyfile',
  ]
  const ended = await site.attempt(['docker', ...reload.slice(1)])
  if (ended.code === 0) return
  // A Caddyfile that has a fault is kept out by a reload, and what was in force before stays: a door that must be closed, too.
  const { code, stderr } = await restartContainers(['caddy'], site)
  if (code === 0) return
  throw new ChangeFailure(
    `Caddy does not take its settings: ${stderr.trim().split('\n').at(-1) ?? ''}`,
    'See why with "sudo docker logs caddy", correct its Caddyfile, then type "sudo mediaserver apply".',
  )
}
