import { settleDoor } from '../../changes/wire.ts'
import { restartContainers } from '../../docker/restart.ts'
import { forbidStart, stopForSafety } from '../../doctor/safety-stop.ts'
import type { Scene } from '../check.ts'
import { stackOfScene } from '../links/links.ts'
import { siteOf } from '../site.ts'
import type { Trouble } from '../trouble.ts'

const AGAIN = 'See whether it is well: "sudo mediaserver verify domain".'
const LOGS = 'See what Caddy says: "sudo docker logs --tail 50 caddy".'
const APPLY = 'Put everything back as it was set up: "sudo mediaserver apply".'
const ROUTER =
  'On the router, forward TCP ports 80 and 443 to this machine: the authority knocks there before it signs.'

const CLAIM = 'Sign in to Plex: "sudo mediaserver plex claim".'

async function closeDoor(scene: Scene): Promise<string> {
  const door = await settleDoor(await stackOfScene(scene), siteOf(scene))
  if (door === null) throw new Error('The Caddyfile is your own, and is left alone. Shut it: "sudo docker stop caddy".')
  return door.open ? 'Jellyseerr belongs to you by now, and is open.' : 'Jellyseerr is closed to the internet now.'
}

/** Everything that can be wrong with the domain. */
export const domainTroubles: readonly Trouble[] = [
  {
    id: 'domain-no-address',
    symptom: 'The domain does not open: the name is not found',
    cause: 'No name server knows the name: it was not told to the provider yet, or the domain has ended.',
    mend: [
      'Does the updater work? "sudo mediaserver verify ddns".',
      'Look at your DNS provider whether the domain is still yours.',
      AGAIN,
    ],
  },
  {
    id: 'domain-elsewhere',
    symptom: 'The domain opens something else, or nothing',
    cause:
      'The name leads to another address than that of this home: the address has changed, or there is an old entry.',
    mend: [
      'Wait ten minutes: the updater looks every five, and name servers keep what they knew for a while.',
      'Does the updater work? "sudo mediaserver verify ddns".',
      'At your DNS provider, delete other entries (A, CNAME) of this name; do not let it go through a proxy.',
      AGAIN,
    ],
  },
  {
    id: 'domain-not-everywhere',
    symptom: 'The domain opens something else, or nothing, at some places',
    cause: 'The name servers of the domain know this home already; others keep what they knew for a while.',
    mend: ['Wait some minutes, at most an hour or two.', AGAIN],
  },
  {
    id: 'domain-inside',
    symptom: 'It is not known whether the domain opens from outside',
    cause:
      'The name server of your own network gives it an address of that network, and the name servers of the domain did not answer.',
    mend: ['Open it with a phone that is not in your Wi-Fi.', AGAIN],
  },
  {
    id: 'domain-home-unknown',
    symptom: 'It is not known whether the domain leads to this home',
    cause: 'Nobody could be asked which address this home has.',
    mend: ['Is there internet at all? Look at the router.', AGAIN],
  },
  {
    id: 'domain-unknown',
    symptom: 'It is not known where the domain leads',
    cause: 'The name servers do not answer.',
    mend: ['Is there internet at all? Look at the router.', AGAIN],
  },
  {
    id: 'domain-silent',
    symptom: 'The domain does not open',
    cause: 'Caddy, which answers for it, does not run or hangs.',
    mend: ['Start it anew: "sudo docker restart caddy".', LOGS, APPLY, AGAIN],
    remedy: async ({ attempt, root }) => {
      forbidStart('caddy', root)
      const { code, stderr } = await restartContainers(['caddy'], { attempt })
      if (code !== 0) throw new Error(`Caddy does not start: ${stderr.trim().split('\n')[0] ?? ''}`)
      return 'Caddy was started anew.'
    },
  },
  {
    id: 'domain-no-certificate',
    symptom: 'The browser cannot make a safe connection to the domain',
    cause: 'Caddy has no certificate: the authority could not reach this machine from outside.',
    mend: [ROUTER, 'Does the domain lead here? "sudo mediaserver verify domain".', LOGS, AGAIN],
  },
  {
    id: 'domain-certificate-expired',
    symptom: 'The browser warns that the certificate has expired',
    cause:
      'Caddy could not renew it for weeks: the authority could not reach this machine from outside; or the clock is wrong.',
    mend: [
      'Is the clock right? "sudo mediaserver verify updates".',
      ROUTER,
      'Have it tried again: "sudo docker restart caddy".',
      LOGS,
      AGAIN,
    ],
  },
  {
    id: 'domain-certificate-early',
    symptom: 'The browser warns that the certificate is not valid yet',
    cause: 'The clock of this machine is behind.',
    mend: ['Set it right: "sudo timedatectl set-ntp true".', AGAIN],
  },
  {
    id: 'domain-certificate-foreign',
    symptom: 'The browser warns about the certificate of the domain',
    cause:
      'It is not from an authority that browsers know, or not for this name: Caddy was told otherwise, or somebody else answers.',
    mend: ['Who has port 443? "sudo ss -tlnp sport = :443".', LOGS, APPLY, AGAIN],
  },
  {
    id: 'domain-certificate-old',
    symptom: 'In some days the browser will warn about the certificate',
    cause: 'Caddy tries to renew it, and cannot: the authority does not reach this machine from outside.',
    mend: [ROUTER, LOGS, AGAIN],
  },
  {
    id: 'domain-open',
    symptom: 'Anybody in the internet can open Sonarr or Radarr',
    cause: 'The settings of Caddy were changed, and ask for no password any more.',
    mend: [
      'Shut it at once: "sudo docker stop caddy".',
      'Put "basicauth" back into config/caddy/Caddyfile; or move that file away and have it made anew: "sudo mediaserver apply".',
      AGAIN,
    ],
    remedy: async scene => await stopForSafety('caddy', 'On the router, take the forwarding of port 443 out.', scene),
  },
  {
    id: 'domain-own-login',
    symptom: 'Sonarr or Radarr are kept from the internet by their own login alone',
    cause: 'The settings of Caddy were changed, and ask for no password any more; the programs still do.',
    mend: [
      'Put "basicauth" back into config/caddy/Caddyfile; or move that file away and have it made anew: "sudo mediaserver apply".',
      AGAIN,
    ],
  },
  {
    id: 'domain-strange',
    symptom: 'Sonarr or Radarr do not open from outside, or something else does',
    cause: 'Caddy answers with an error, or with a page that is not known here: its settings were changed.',
    mend: [LOGS, APPLY, AGAIN],
  },
  {
    id: 'domain-requests-closed',
    symptom: 'Films cannot be asked for from outside: the page says that it is being set up',
    cause:
      'Jellyseerr has no owner yet, or it is not known who that is. Whoever signs in first would be it, so nobody in the internet gets there.',
    mend: [CLAIM, 'Then open it: "sudo mediaserver apply".', AGAIN],
  },
  {
    id: 'domain-requests-shut',
    symptom: 'Films cannot be asked for from outside, although Jellyseerr has its owner',
    cause: 'It was not opened to the internet yet, or Caddy does not answer.',
    mend: [APPLY, LOGS, AGAIN],
  },
  {
    id: 'domain-requests-down',
    symptom: 'Films cannot be asked for from outside: the page shows an error',
    cause: 'Jellyseerr does not run, hangs, or is just being started.',
    mend: [
      'Does it run? "sudo mediaserver verify services".',
      'Start it anew: "sudo docker restart jellyseerr".',
      'See what it says: "sudo docker logs --tail 50 jellyseerr".',
      AGAIN,
    ],
  },
  {
    id: 'domain-requests-open',
    symptom: 'Anybody in the internet can make Jellyseerr their own',
    cause: 'It is open to the internet, and it is not proven that it belongs to your Plex account.',
    mend: ['Shut it at once: "sudo docker stop caddy".', CLAIM, APPLY, AGAIN],
    remedy: closeDoor,
  },
  {
    id: 'domain-requests-stranger',
    symptom: 'Films cannot be asked for from outside, or Jellyseerr has another owner than you',
    cause:
      'The first account of Jellyseerr, which may do everything there, is of another Plex account than this machine.',
    mend: [
      'Is it another account of yours? Then give Plex to that: "sudo mediaserver plex reclaim", and "sudo mediaserver apply".',
      'If it is not: stop it ("sudo docker stop jellyseerr"), move its folder away ("mv ~/mediaserver/config/jellyseerr ~/jellyseerr-of-somebody"), and have it made anew with "sudo mediaserver apply".',
      'See whether it is well: "sudo mediaserver verify domain links".',
    ],
    remedy: closeDoor,
  },
]
