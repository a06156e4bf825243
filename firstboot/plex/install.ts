import { chown, readdir, readFile, rm, stat } from 'node:fs/promises'
import { ChangeFailure } from '../apply/failure.ts'
import type { Site } from '../changes/change.ts'
import { makeFolder } from '../changes/files.ts'
import { transcodeFolder } from './settings.ts'

const UNIT = 'plexmediaserver.service'
const UNIT_PATHS = [`/etc/systemd/system/${UNIT}`, `/usr/lib/systemd/system/${UNIT}`]
/** Where the package keeps its unit; its own scripts put it in place only where systemd runs. */
const PACKAGED_UNIT = `/usr/lib/plexmediaserver/lib/${UNIT}`
/** Where the image tells apt of the repository; an image without it has Plex inside, or is of stand-ins. */
const SOURCES = '/etc/apt/sources.list.d/mediaserver-plex.sources'

/** Number of the user that Plex runs as, and of its group. */
export interface PlexUser {
  readonly uid: number
  readonly gid: number
}

/** The user that Plex runs as; null when there is none. */
export const plexUser = async (site: Site): Promise<PlexUser | null> =>
  parsePlexUser(await readFile(site.path('/etc/passwd'), 'utf8').catch(() => ''))

/** The same from the text of `/etc/passwd`. */
export function parsePlexUser(passwd: string): PlexUser | null {
  const found = /^plex:[^:]*:(\d+):(\d+):/m.exec(passwd)
  return found === null ? null : { uid: Number(found[1]), gid: Number(found[2]) }
}

/** Whether the package is there, whole. */
export async function isInstalled(site: Site): Promise<boolean> {
  const { code, stdout } = await site.attempt([
    'dpkg-query',
    '--show',
    '--showformat=${db:Status-Status}',
    'plexmediaserver',
  ])
  return code === 0 && stdout.trim() === 'installed'
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null

const hasUnit = async (site: Site): Promise<boolean> =>
  (await Promise.all(UNIT_PATHS.map(path => exists(site.path(path))))).some(Boolean)

/** Whether Plex runs, and starts by itself. */
export async function isRunning(site: Site): Promise<boolean> {
  if (!(await hasUnit(site))) return false
  const active = await site.attempt(['systemctl', 'is-active', UNIT])
  const enabled = await site.attempt(['systemctl', 'is-enabled', UNIT])
  return active.stdout.trim() === 'active' && enabled.stdout.trim() === 'enabled'
}

/** Makes the user where the image has none: before the package, which would take any number that is free. */
export async function requireUser(site: Site): Promise<PlexUser> {
  if ((await plexUser(site)) === null) await site.run(['systemd-sysusers', '/usr/lib/sysusers.d/mediaserver-plex.conf'])
  const user = await plexUser(site)
  if (user !== null) return user
  throw new ChangeFailure('There is no user that Plex could run as.', 'Try again; if it happens again, save a report.')
}

/** Makes the folders of Plex that are not there, with their owner: what is below them may be there before Plex is. */
export async function makeFolders(user: PlexUser, site: Site): Promise<void> {
  const home = '/var/lib/plexmediaserver'
  for (const folder of [
    home,
    `${home}/Library`,
    `${home}/Library/Application Support`,
    `${home}/Library/Application Support/Plex Media Server`,
  ])
    await makeFolder(site.path(folder), { ...user, mode: 0o755 })
  await makeFolder(site.path(transcodeFolder), { ...user, mode: 0o755 })
  // A state partition that was just made gives its folders to root.
  if ((await stat(site.path(home))).uid === 0) await chown(site.path(home), user.uid, user.gid)
}

/** Fetches Plex from its maker and installs it, where the image does not have it. */
export async function install(site: Site): Promise<void> {
  if (!(await exists(site.path(SOURCES))))
    throw new ChangeFailure(
      'Plex is not in this image, and nothing says where it comes from.',
      'Build the image again; image/appliance.yaml says how it gets Plex.',
    )
  const apt = (...words: string[]): [string, ...string[]] => [
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=300',
    '-o',
    'Acquire::Retries=3',
    ...words,
  ]
  site.progress('looking for the newest Plex')
  // Only this one list: those of the distribution are fetched every day anyway.
  const list = await site.attempt(
    apt(
      '-o',
      `Dir::Etc::sourcelist=${SOURCES}`,
      '-o',
      'Dir::Etc::sourceparts=/dev/null',
      '-o',
      'APT::Get::List-Cleanup=false',
      '-o',
      'APT::Update::Error-Mode=any',
      'update',
    ),
  )
  if (list.code !== 0) throw noPlex(list.stderr)
  const made = await site.attempt(
    apt('-o', 'APT::Status-Fd=1', '--yes', '--no-install-recommends', 'install', 'plexmediaserver'),
    {
      onLine: line => {
        const step = progressOf(line)
        if (step !== null) site.progress(step.doing, step.done, 100)
      },
    },
  )
  if (made.code !== 0) throw noPlex(made.stderr)
}

/** Progress in apt's own words (`README.progress-reporting` of apt); null for any other line. Pure. */
export function progressOf(line: string): { readonly doing: string; readonly done: number } | null {
  const [, kind, percent = ''] = /^(dlstatus|pmstatus):[^:]*:([\d.]+):/.exec(line) ?? []
  if (kind === undefined) return null
  return { doing: kind === 'dlstatus' ? 'downloading Plex' : 'installing Plex', done: Math.round(Number(percent)) }
}

function noPlex(stderr: string): ChangeFailure {
  const said = stderr.split('\n').find(line => line.startsWith('E: '))
  const unreachable = /Could not resolve|Could not connect|Temporary failure|connection timed out|Failed to fetch/i
  return unreachable.test(stderr)
    ? new ChangeFailure(
        'Plex could not be fetched: its maker (repo.plex.tv) cannot be reached.',
        'Look at the network connection, then run "sudo mediaserver apply". Everything else is ready.',
      )
    : new ChangeFailure(
        `Plex could not be installed: ${said?.slice(3) ?? 'apt gave no reason'}.`,
        'Run "sudo mediaserver apply"; if it happens again, save a report.',
      )
}

/**
 * Puts right what the package leaves undone where it was installed without systemd, and what it adds: its unit in its
 * place, the groups of the graphics device, and one source for apt.
 */
export async function mend(site: Site): Promise<void> {
  if (!(await hasUnit(site))) {
    if (!(await exists(site.path(PACKAGED_UNIT))))
      throw new ChangeFailure(
        'Plex has no unit to start it with.',
        'Run "sudo apt-get install --reinstall plexmediaserver".',
      )
    await site.run(['install', '-m', '644', site.path(PACKAGED_UNIT), site.path(UNIT_PATHS[1] ?? '')])
    await site.run(['systemctl', 'daemon-reload'])
  }
  await site.run(['/usr/lib/mediaserver/plex-groups'])
  const folder = site.path('/etc/apt/sources.list.d')
  for (const name of await readdir(folder).catch(() => [])) if (name.startsWith('plex')) await rm(`${folder}/${name}`)
}

/** Starts Plex, now and at every start of the machine. */
export async function start(site: Site): Promise<void> {
  await site.run(['systemctl', 'enable', UNIT])
  const { code } = await site.attempt(['systemctl', 'start', UNIT])
  if (code === 0) return
  const data = await site.attempt(['findmnt', '--noheadings', '/data'])
  throw data.code === 0
    ? new ChangeFailure(
        'Plex does not start.',
        'Look at "journalctl -u plexmediaserver", then run "sudo mediaserver apply".',
      )
    : new ChangeFailure(
        'Plex does not start, because the film disk is not there.',
        'Check its cable and power. Plex starts by itself once the disk is there; then run "sudo mediaserver apply".',
      )
}
