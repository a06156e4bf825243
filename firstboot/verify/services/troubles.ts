import { heldBack } from '../../doctor/safety-stop.ts'
import { composeArguments } from '../../docker/compose.ts'
import { restartContainers } from '../../docker/restart.ts'
import type { Service } from '../../stack/catalogue.ts'
import type { Scene } from '../check.ts'
import { siteOf } from '../site.ts'
import type { Trouble } from '../trouble.ts'
import { vpnRemedy } from '../vpn/remedies.ts'

const AGAIN = 'See whether it is well: "sudo mediaserver verify services".'
const APPLY = 'Put everything back as it was set up: "sudo mediaserver apply".'
const NAME = 'with what stands in brackets behind the service, or else with its own name in small letters.'
const LOGS = `See why: "sudo docker logs --tail 50 NAME", ${NAME}`

/** Starts what is not running. Those that run are left alone, and so are those that were stopped for safety. */
async function startServices(scene: Scene): Promise<string> {
  const site = siteOf(scene)
  const { argv } = await composeArguments(site)
  const held = heldBack(scene.root)
  const others = scene.services.map(({ name }) => name).filter(name => !held.has(name))
  const only = held.size === 0 ? [] : ['--no-deps', ...others]
  await site.run([...argv, 'up', '--detach', '--no-build', '--pull=never', ...only])
  return 'The services that did not run were started; they need a minute or two.'
}

/** Starts those anew that run and do not do their work. */
async function restartUnhealthy(scene: Scene): Promise<string> {
  const { attempt, services, root } = scene
  const list = ['docker', 'ps', '--filter', 'health=unhealthy', '--format', '{{.Names}}'] as const
  const { stdout } = await attempt(list, { quiet: true })
  const held = heldBack(root)
  const mayStart = ({ name, when, waitFor }: Service) => when !== 'vpn' && waitFor === 'healthy' && !held.has(name)
  const own = stdout.split('\n').filter(line => services.some(each => each.name === line && mayStart(each)))
  if (own.length === 0) throw new Error('Docker does not call any of them unhealthy right now.')
  const { code, stderr } = await restartContainers(own, { attempt })
  if (code !== 0) throw new Error(`${own.join(', ')} could not be started anew: ${stderr.trim().split('\n')[0] ?? ''}`)
  return `Started anew: ${own.join(', ')}.`
}

async function startPlex({ attempt }: Scene): Promise<string> {
  const { code, stderr } = await attempt(['systemctl', 'start', 'plexmediaserver.service'])
  if (code !== 0) throw new Error(`Plex does not start: ${stderr.trim().split('\n')[0] ?? ''}`)
  return 'Plex was started; it needs a minute or two.'
}

/** Everything that can be wrong with what has to run. */
export const servicesTroubles: readonly Trouble[] = [
  {
    id: 'service-missing',
    symptom: 'The page of a service does not open',
    cause: 'Its container is not there: it was removed, or the set-up has not come so far.',
    mend: [APPLY, AGAIN],
    remedy: startServices,
  },
  {
    id: 'service-stopped',
    symptom: 'The page of a service does not open',
    cause: 'Its container was stopped, or could not be started.',
    mend: [`Start it: "sudo docker start NAME", ${NAME}`, APPLY, LOGS, AGAIN],
    remedy: startServices,
  },
  {
    id: 'service-vpn-stopped',
    symptom: 'Nothing is downloaded',
    cause:
      'The container of the VPN, or that of qBittorrent, was stopped, or could not be started. Both live in one network, so one alone is not enough.',
    mend: ['Have both made anew, in one network: "sudo mediaserver vpn repair".', APPLY, AGAIN],
    // What stands beside it may be stopped as well, and is not told of before this is well.
    remedy: async scene => `${await vpnRemedy('recreate')(scene)} ${await startServices(scene)}`,
  },
  {
    id: 'service-vpn-sick',
    symptom: 'Nothing is downloaded, although everything runs',
    cause:
      'The tunnel leads nowhere, or qBittorrent hangs in it. Starting the VPN alone would leave qBittorrent behind.',
    mend: [
      'See which of them it is, and why: "sudo mediaserver verify vpn".',
      'Have the tunnel mended: "sudo mediaserver vpn repair".',
      AGAIN,
    ],
  },
  {
    id: 'service-held',
    symptom: 'The page of a service does not open',
    cause: 'It was stopped for safety by the doctor, and is not started again while the reason stands.',
    mend: [
      'See the reason: "sudo cat /var/lib/mediaserver/safety-stops.json".',
      'qBittorrent: have the tunnel mended: "sudo mediaserver vpn repair", then look: "sudo mediaserver verify vpn". When that is well, "sudo mediaserver doctor" starts it again.',
      'Caddy: put its settings right, start it: "sudo docker start caddy", then look: "sudo mediaserver verify domain".',
      AGAIN,
    ],
  },
  {
    id: 'service-restarting',
    symptom: 'The page of a service does not open, or only now and then',
    cause:
      'It ends as soon as it starts: mostly a damaged file of its settings, a full disk, or a folder that it may not write.',
    mend: [LOGS, 'Is there room? "sudo mediaserver verify storage".', APPLY, AGAIN],
  },
  {
    id: 'service-unhealthy',
    symptom: 'A service runs, but its page does not open',
    cause: 'It hangs, or waits for something that does not come.',
    mend: [`Start it anew: "sudo docker restart NAME", ${NAME}`, LOGS, AGAIN],
    remedy: restartUnhealthy,
  },
  {
    id: 'service-starting',
    symptom: 'The page of a service does not open yet',
    cause: 'It was started a moment ago.',
    mend: ['Wait a few minutes.', AGAIN],
  },
  {
    id: 'service-restarts',
    symptom: 'A service is gone for a moment now and then',
    cause: 'It ended by itself and was started again: too little memory, or a fault of its own.',
    mend: ['Is there memory left? "free -h".', LOGS, 'Look again tomorrow.'],
  },
  {
    id: 'plex-missing',
    symptom: 'Plex does not open',
    cause: 'It is not installed: there was no internet when the machine was set up, or it was removed.',
    mend: ['Have it installed: "sudo mediaserver apply".', AGAIN],
  },
  {
    id: 'plex-stopped',
    symptom: 'Plex does not open',
    cause: 'It was stopped; or it waits for the film disk, without which it does not start.',
    mend: [
      'Is the film disk there? "sudo mediaserver verify storage".',
      'Start it: "sudo systemctl start plexmediaserver".',
      'See why it does not: "sudo journalctl -b -u plexmediaserver".',
      AGAIN,
    ],
    remedy: startPlex,
  },
  {
    id: 'plex-silent',
    symptom: 'Plex does not open, although it runs',
    cause: 'It hangs, or something else has its port 32400.',
    mend: [
      'Start it anew: "sudo systemctl restart plexmediaserver".',
      'See who has the port: "sudo ss -tlnp sport = :32400".',
      AGAIN,
    ],
  },
  {
    id: 'plex-starting',
    symptom: 'Plex does not open yet',
    cause: 'It is starting, or puts its library in order after an update.',
    mend: ['Wait a few minutes.', AGAIN],
  },
  {
    id: 'plex-unclaimed',
    symptom: 'Plex says that there is no server, or cannot be used away from home',
    cause: 'The server belongs to nobody yet.',
    mend: ['Sign in: "sudo mediaserver plex claim". It takes four letters and a phone.', AGAIN],
  },
  {
    id: 'plex-unknown',
    symptom: 'It is not known whether Plex runs',
    cause: 'systemd does not answer.',
    mend: ['Look by hand: "systemctl status plexmediaserver".', 'Start the machine anew: "sudo reboot".'],
  },
]
