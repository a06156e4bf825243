import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { ChangeFailure } from '../apply/failure.ts'
import { choosePool } from '../stack/address-pool.ts'
import { PROJECT } from '../stack/compose.ts'
import { defineChange, type Site } from './change.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'

const SETTINGS = '/etc/docker/daemon.json'

const dropIn: OwnFile = {
  path: '/etc/systemd/system/docker.service.d/mediaserver.conf',
  text: [
    '# Written by the set-up of the media server. Containers that use the film disk start when it is mounted.',
    '[Unit]',
    'After=data.mount',
    '',
  ].join('\n'),
}

const Settings = z.looseObject({
  'default-address-pools': z.optional(z.array(z.object({ base: z.string(), size: z.number() }))),
})
type Settings = z.infer<typeof Settings>

/** Docker's settings: ours over those that somebody has added, see dockerd(8). Pure. */
export function renderSettings(present: Settings, pool: string): string {
  const ours = {
    'log-driver': 'local',
    'log-opts': { 'max-size': '10m', 'max-file': '3' },
    // An update of Docker does not stop what is being downloaded.
    'live-restore': true,
    'default-address-pools': [{ base: pool, size: 24 }],
  }
  const theirs = Object.entries(present).filter(([name]) => !Object.hasOwn(ours, name))
  return `${JSON.stringify({ ...ours, ...Object.fromEntries(theirs) }, null, 2)}\n`
}

async function readSettings(site: Site): Promise<Settings> {
  const text = await readFile(site.path(SETTINGS), 'utf8').catch(() => '{}')
  try {
    return Settings.parse(JSON.parse(text))
  } catch {
    throw new ChangeFailure(`${SETTINGS} cannot be read.`, 'Correct or remove it, then try again.')
  }
}

// What ip(8) prints with -json, of addresses and of routes.
const Links = z.array(
  z.object({
    ifname: z.string(),
    addr_info: z.array(z.object({ family: z.string(), local: z.string(), prefixlen: z.number() })),
  }),
)
const Routes = z.array(z.object({ dst: z.string(), dev: z.optional(z.string()) }))

const isDocker = (device: string): boolean => /^(docker|br-|veth)/.test(device)

/** Every network that this machine is in or knows a way to, but those of containers. */
async function takenNetworks(site: Site): Promise<string[]> {
  const links = Links.parse(JSON.parse(await site.run(['ip', '-json', 'address'], { quiet: true })))
  const routes = Routes.parse(JSON.parse(await site.run(['ip', '-json', '-4', 'route'], { quiet: true })))
  return [
    ...links
      .filter(({ ifname }) => !isDocker(ifname))
      .flatMap(({ addr_info }) => addr_info)
      .filter(({ family }) => family === 'inet')
      .map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    ...routes.filter(({ dev = '' }) => !isDocker(dev)).map(({ dst }) => dst),
  ]
}

const poolOf = (settings: Settings): string | null => settings['default-address-pools']?.[0]?.base ?? null

async function wantedFiles(site: Site): Promise<{ pool: string; files: OwnFile[] }> {
  const settings = await readSettings(site)
  const pool = choosePool(await takenNetworks(site), poolOf(settings))
  if (pool === null)
    throw new ChangeFailure(
      'Every range of addresses that containers could use is taken by your network.',
      'Free one of them, for instance 172.30.0.0/16, in the settings of your router.',
    )
  return { pool, files: [{ path: SETTINGS, text: renderSettings(settings, pool) }, dropIn] }
}

const Info = z.object({ ServerVersion: z.string(), Driver: z.string() })

async function answers(site: Site): Promise<string | null> {
  const { code, stdout } = await site.attempt(['docker', 'info', '--format', '{{json .}}'], { quiet: true })
  if (code !== 0) return null
  const info = Info.safeParse(JSON.parse(stdout))
  return info.success && info.data.ServerVersion !== ''
    ? `Docker ${info.data.ServerVersion}, ${info.data.Driver}`
    : null
}

/** Starts Docker with new settings; throws with its own words, for those of systemd only say that there was a fault. */
async function restart(site: Site): Promise<void> {
  // Several starts in short time are no fault here.
  await site.attempt(['systemctl', 'reset-failed', 'docker.service'])
  if ((await site.attempt(['systemctl', 'restart', 'docker.service'])).code === 0) return
  const journal = ['journalctl', '--unit=docker.service', '--boot', '--lines=50', '--output=cat', '--no-pager'] as const
  const { stdout } = await site.attempt(journal, { quiet: true })
  const words = stdout.split('\n').findLast(line => /failed to start daemon|level=(error|fatal)/.test(line))
  throw new ChangeFailure(
    `The container engine does not start: ${words ?? 'it does not say why.'}`,
    'Start the machine again; if it happens again, save a report.',
  )
}

const UNITS = ['containerd.service', 'docker.service'] as const

/** Starts the container engine, with addresses that do not meet those of the network that the machine is in. */
export const docker = defineChange<object>({
  id: 'docker',
  where: 'target',
  parse: params => z.strictObject({}).parse(params),
  async check(_, site) {
    const { pool, files } = await wantedFiles(site)
    if (!(await filesAreThere(files, site))) return null
    const enabled = await site.attempt(['systemctl', 'is-enabled', ...UNITS])
    if (enabled.code !== 0) return null
    const version = await answers(site)
    return version === null ? null : `${version}, containers in ${pool}`
  },
  async apply(_, site) {
    const before = poolOf(await readSettings(site))
    const { pool, files } = await wantedFiles(site)
    await writeFiles(files, site)
    await site.run(['dockerd', '--validate', '--config-file', SETTINGS])
    // The networks that there are keep their addresses; they are made anew with the services.
    if (before !== null && before !== pool) await site.attempt(['docker', 'compose', '--project-name', PROJECT, 'down'])
    await site.run(['systemctl', 'daemon-reload'])
    await site.run(['systemctl', 'enable', ...UNITS])
    await restart(site)
  },
})
