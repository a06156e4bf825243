import { writeDurably } from '../../apply/durable.ts'
import { guardOf, readMemory, settleDoor } from '../../changes/wire.ts'
import { openHttp } from '../../wiring/http.ts'
import { memoryPath } from '../../wiring/memory.ts'
import { wire } from '../../wiring/wire.ts'
import type { Scene } from '../check.ts'
import { siteOf } from '../site.ts'
import type { Trouble } from '../trouble.ts'
import { stackOfScene } from './links.ts'

const AGAIN = 'See whether it is well: "sudo mediaserver verify links".'
const APPLY = 'Have everything connected again: "sudo mediaserver apply".'
const PATIENCE_MILLISECONDS = 120_000

/** Connects everything again. What a person has changed in a program stays. */
async function connect(scene: Scene): Promise<string> {
  const site = siteOf(scene)
  const stack = await stackOfScene(scene)
  const { links, writes, later } = await wire(stack, openHttp(), await readMemory(site), {
    signal: scene.signal,
    progress: () => {},
    keep: async memory => await writeDurably(site.path(memoryPath), memory.toJson(), { mode: 0o600 }),
    patienceMilliseconds: PATIENCE_MILLISECONDS,
    guard: guardOf(stack, site),
  })
  await settleDoor(stack, site)
  return [`${links} connections are right; ${writes} things were written for that.`, ...later].join(' ')
}

/** Everything that can be wrong between services. */
export const linksTroubles: readonly Trouble[] = [
  {
    id: 'link-refused',
    symptom: 'Requests or downloads get stuck between two services',
    cause: 'A service refuses the key or the login that was made for it: somebody has changed that in its settings.',
    mend: [
      'Read in the detail which service it is, and what it says.',
      'Look into compose.override.yaml in the folder "mediaserver" for a key (APIKEY or API_KEY), and take it out.',
      APPLY,
      'Bazarr and Jellyseerr keep their key themselves (Settings, General, API Key): "sudo cat /var/lib/mediaserver/stack-keys.json" shows the right one, "sudo mediaserver credentials" the logins.',
      AGAIN,
    ],
  },
  {
    id: 'link-program-absent',
    symptom: 'Requests or downloads get stuck between two services',
    cause: 'One of them does not answer.',
    mend: ['See which: "sudo mediaserver verify services", and mend that first.', AGAIN],
  },
  {
    id: 'link-wrong',
    symptom: 'Requests or downloads get stuck between two services',
    cause: 'A connection that was set up is not there any more, or is not accepted.',
    mend: [APPLY, AGAIN],
    remedy: connect,
  },
  {
    id: 'link-login',
    symptom: 'Sonarr and Radarr may not be able to hand over downloads',
    cause:
      'The password of qBittorrent was changed there, and this machine knows only the older one. It does not try that again and again, or qBittorrent would shut everybody out.',
    mend: [
      'If nobody may log in, wait an hour.',
      'Tell this machine the new one: "sudo mediaserver credentials set qbittorrent". It asks for it, and keeps it when qBittorrent takes it.',
      'Then have the others told, too: "sudo mediaserver apply".',
      'Or take the older one again: "sudo mediaserver credentials" shows it; set it in qBittorrent (Tools, Options, WebUI, Authentication).',
      AGAIN,
    ],
  },
  {
    id: 'link-no-keys',
    symptom: 'Services cannot be connected',
    cause: 'The keys that were made up for them are missing or damaged.',
    mend: ['Have new ones made, and everything connected: "sudo mediaserver apply".', AGAIN],
  },
  {
    id: 'link-no-account',
    symptom: 'New films show up in Plex only after hours',
    cause: 'Nobody has signed in to Plex from this machine.',
    mend: ['Sign in: "sudo mediaserver plex claim".', 'Then connect the rest: "sudo mediaserver apply".', AGAIN],
  },
]
