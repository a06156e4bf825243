import type { Trouble } from '../verify/trouble.ts'

/** What people ask about most, and no check can see: it is in their heads, their router or their phone. */
export const commonTroubles: readonly Trouble[] = [
  {
    id: 'name-not-found',
    symptom: 'The address with .local does not open on a phone or in a browser',
    cause: 'Some phones and routers do not pass on names of the local network (mDNS).',
    mend: [
      'Take the address with numbers instead: "mediaserver status" tells it, and the screen of the machine.',
      'Have your router always give this machine the same address.',
    ],
  },
  {
    id: 'password-forgotten',
    symptom: 'A service asks for a password that you do not know',
    cause: 'The set-up has made up one for each service, and shown them once.',
    mend: ['See them all: "sudo mediaserver credentials".'],
  },
  {
    id: 'locked-out',
    symptom: 'SSH says "Connection refused" or nothing at all, on one computer only',
    cause: 'fail2ban has shut that computer out after several failed attempts.',
    mend: [
      'Wait ten minutes; or from another computer: "sudo fail2ban-client unban --all".',
      'Then use the right key: "ssh -i KEYFILE USER@HOST".',
    ],
  },
  {
    id: 'host-key-changed',
    symptom: 'SSH warns that the host identification has changed',
    cause: 'The machine was set up again, and has new keys of its own.',
    mend: ['On your computer, forget the old one: "ssh-keygen -R HOST.local", and the same with the address.'],
  },
  {
    id: 'qbittorrent-not-reachable',
    symptom: 'The page of qBittorrent does not open on port 8080',
    cause: 'It is meant for this machine alone.',
    mend: ['Go through SSH: "ssh -L 8080:127.0.0.1:8080 USER@HOST.local", then open http://127.0.0.1:8080.'],
  },
  {
    id: 'nothing-found',
    symptom: 'Sonarr and Radarr find nothing to download',
    cause: 'Prowlarr has no indexers yet: which ones you may use is for you to decide.',
    mend: ['Open Prowlarr (port 9696), "Indexers", "Add Indexer". It tells Sonarr and Radarr by itself.'],
  },
  {
    id: 'download-stalled',
    symptom: 'A download does not begin, or stays at the same percentage',
    cause: 'Nobody offers it right now; or the tunnel is down.',
    mend: [
      'See whether the tunnel works: "sudo mediaserver vpn status".',
      'If it does, choose a release with more seeders.',
    ],
  },
  {
    id: 'vpn-slow',
    symptom: 'Downloads are slow',
    cause: 'The server of the VPN is far away or busy.',
    mend: ['Take a nearer country: "sudo mediaserver vpn country NAME".'],
  },
  {
    id: 'plex-away',
    symptom: 'Plex works at home, but not away from it',
    cause: 'The router lets nobody in from outside, or the provider shares one address among many homes (CGNAT).',
    mend: [
      'In Plex: Settings, Remote Access, and read what it says.',
      'On the router, forward TCP port 32400 to this machine.',
      'If the address that Plex shows differs from the one that the router shows, ask your provider for an IPv4 address.',
    ],
  },
  {
    id: 'plex-signed-out',
    symptom: 'Plex says that you have no access to this server',
    cause: 'The server was signed out, for instance with "sign out all devices" after a new password.',
    mend: ['Give it to your account again: "sudo mediaserver plex reclaim".'],
  },
  {
    id: 'subtitles-transcode',
    symptom: 'One film stutters, others do not',
    cause: 'Subtitles that are pictures are burnt into the film, which makes it be transcoded.',
    mend: [
      'Take subtitles that are text (SRT); Bazarr finds them.',
      'In the player, set "burn subtitles" to "only images".',
    ],
  },
  {
    id: 'own-changes-gone',
    symptom: 'A change in the compose file is gone',
    cause: 'That file is made from your answers, and made anew when they are applied.',
    mend: [
      'Change the answers: "sudo mediaserver setup".',
      'Own containers belong into a compose project of their own.',
    ],
  },
]
