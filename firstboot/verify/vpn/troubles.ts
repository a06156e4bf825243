import { stopForSafety } from '../../doctor/safety-stop.ts'
import type { Trouble } from '../trouble.ts'
import { restoreKey, startTorrents, startWatch, vpnRemedy } from './remedies.ts'

const AGAIN = 'See whether it is well: "sudo mediaserver verify vpn".'
const REPAIR = 'Have the tunnel mended: "sudo mediaserver vpn repair".'
const APPLY = 'Put everything back as it was set up: "sudo mediaserver apply".'

/** Everything that can be wrong with the tunnel. */
export const vpnTroubles: readonly Trouble[] = [
  {
    id: 'docker-silent',
    symptom: 'Nothing is downloaded, and no page but that of Plex opens',
    cause: 'Docker, which runs the services, does not answer.',
    mend: [
      'Start it anew: "sudo systemctl restart docker".',
      'See why it does not: "sudo journalctl -b -u docker".',
      AGAIN,
    ],
    remedy: async ({ attempt }) => {
      const { code, stderr } = await attempt(['systemctl', 'start', 'docker.service'])
      if (code !== 0) throw new Error(`Docker does not start: ${stderr.trim().split('\n')[0] ?? ''}`)
      return 'Docker was started.'
    },
  },
  {
    id: 'vpn-stopped',
    symptom: 'Nothing is downloaded',
    cause: 'The container of the VPN does not run: somebody has stopped it, or it ends as soon as it starts.',
    mend: [REPAIR, 'If it ends again, see why: "sudo docker logs --tail 50 nordlynx".', AGAIN],
    remedy: vpnRemedy('recreate'),
  },
  {
    id: 'vpn-no-interface',
    symptom: 'Nothing is downloaded',
    cause: 'The tunnel was taken down inside of its container. Nothing leaves meanwhile.',
    mend: [REPAIR, AGAIN],
    remedy: vpnRemedy('recreate'),
  },
  {
    id: 'vpn-wrong-way',
    symptom: 'Nothing is downloaded',
    cause: 'The tunnel is there, but the way into it is gone: somebody has changed the routes in its container.',
    mend: [REPAIR, AGAIN],
    remedy: vpnRemedy('recreate'),
  },
  {
    id: 'vpn-no-handshake',
    symptom: 'Nothing is downloaded',
    cause:
      "The VPN's server does not answer: it is out of order, the router or the provider stops UDP port 51820, or the key is not valid any more.",
    mend: [
      'Take another server: "sudo mediaserver vpn repair".',
      'If none answers, look at my.nordaccount.com whether the subscription has ended.',
      'If it has not, make a new token there and answer with it: "sudo mediaserver setup".',
      AGAIN,
    ],
    remedy: vpnRemedy('next-server'),
  },
  {
    id: 'vpn-wrong-key',
    symptom: 'Nothing is downloaded',
    cause: 'The tunnel uses another key than the one that was answered: somebody has changed a file of it.',
    mend: [
      'Have the right key put back: "sudo mediaserver doctor vpn-wrong-key".',
      'If that does not help, answer with it again: "sudo mediaserver setup".',
      AGAIN,
    ],
    remedy: restoreKey,
  },
  {
    id: 'vpn-wrong-settings',
    symptom: 'Nothing is downloaded',
    cause: 'The tunnel leads to another server than the one that was chosen.',
    mend: [REPAIR, AGAIN],
    remedy: vpnRemedy('recreate'),
  },
  {
    id: 'vpn-no-settings',
    symptom: 'Nothing is downloaded',
    cause: 'The file with the settings of the tunnel is missing or damaged.',
    mend: [APPLY, 'If it asks for a token, answer with a new one: "sudo mediaserver setup".', AGAIN],
  },
  {
    id: 'vpn-unknown',
    symptom: 'It is not known whether the tunnel works',
    cause: 'What is needed to look into it did not work.',
    mend: ['Try by hand: "sudo mediaserver vpn status".', REPAIR, AGAIN],
  },
  {
    id: 'qbittorrent-stopped',
    symptom: 'Nothing is downloaded, and the page of qBittorrent does not open',
    cause: 'The container of qBittorrent does not run.',
    mend: [
      'Start it: "sudo docker start qbittorrent". If that fails: "sudo mediaserver apply".',
      'If it ends again, see why: "sudo docker logs --tail 50 qbittorrent".',
      AGAIN,
    ],
    remedy: startTorrents,
  },
  {
    id: 'vpn-dead-namespace',
    symptom: 'qBittorrent is there, but every download stands still',
    cause:
      'The container of the VPN was started anew, and qBittorrent was left behind in the network that died with it.',
    mend: ['Make both anew, in one network: "sudo mediaserver vpn repair".', AGAIN],
    remedy: vpnRemedy('recreate'),
  },
  {
    id: 'vpn-not-apart',
    symptom: 'Downloads may be seen by the address of this home',
    cause:
      'Somebody has put qBittorrent or the VPN into the network of the machine itself, where no kill switch reaches.',
    mend: [
      'Stop it at once: "sudo docker stop qbittorrent".',
      'Look into compose.override.yaml in the folder "mediaserver" for "network_mode", and take it out.',
      APPLY,
      AGAIN,
    ],
  },
  {
    id: 'qbittorrent-unbound',
    symptom: 'qBittorrent may use more than the tunnel',
    cause: 'Its setting for the network interface was changed. The kill switch still lets nothing out.',
    mend: [
      'In qBittorrent: Tools, Options, Advanced, "Network interface": choose wg0. Save.',
      'If its settings are gone: "sudo mediaserver apply".',
      AGAIN,
    ],
  },
  {
    id: 'vpn-no-answer',
    symptom: 'Nothing is downloaded, or it is not known by which address',
    cause: 'Nobody answers through the tunnel, although it may look alive.',
    mend: [
      'Is there internet at all? Look at the router.',
      'Take another server: "sudo mediaserver vpn repair".',
      AGAIN,
    ],
    remedy: vpnRemedy('next-server'),
  },
  {
    id: 'vpn-no-internet',
    symptom: 'It cannot be told by which address downloads are seen',
    cause: 'Nobody could be asked, through the tunnel or beside it: mostly this home has no internet right now.',
    mend: [
      'Is there internet at all? Look at the router.',
      'Wait for an hour; it is looked at again by itself.',
      AGAIN,
    ],
  },
  {
    id: 'vpn-not-hidden',
    symptom: 'Downloads are seen by the address of this home',
    cause: 'What comes from qBittorrent does not go through the tunnel.',
    mend: ['Stop it at once: "sudo docker stop qbittorrent".', REPAIR, AGAIN],
    remedy: async scene => await stopForSafety('qbittorrent', 'Take the network cable out.', scene),
  },
  {
    id: 'vpn-home-unknown',
    symptom: 'It is not proven that the address of this home is hidden',
    cause: 'The tunnel answers, but without it nobody could be asked which address this home has.',
    mend: [
      'Is there internet at all? Look at the router.',
      'Wait for an hour; it is looked at again by itself.',
      AGAIN,
    ],
  },
  {
    id: 'vpn-not-protected',
    symptom: 'NordVPN says "not protected"',
    cause: 'The address is not that of this home, but NordVPN does not know it as its own: mostly a new server.',
    mend: ['Take another server: "sudo mediaserver vpn repair".', AGAIN],
  },
  {
    id: 'vpn-dns-beside',
    symptom: 'The provider can see which names are asked for downloads',
    cause: 'Names are asked beside the tunnel: the setting "dns" of the container was changed, or its routes.',
    mend: [
      'Look into compose.override.yaml in the folder "mediaserver" for "dns", and take it out.',
      APPLY,
      REPAIR,
      AGAIN,
    ],
    remedy: vpnRemedy('recreate'),
  },
  {
    id: 'vpn-ipv6-on',
    symptom: 'Downloads could be seen by an address of IPv6',
    cause: 'IPv6 was switched on in the network of the tunnel. The kill switch still lets none of it out.',
    mend: ['Make the network anew, where it is off: "sudo mediaserver vpn repair".', APPLY, AGAIN],
    remedy: vpnRemedy('recreate'),
  },
  {
    id: 'vpn-unwatched',
    symptom: 'When the tunnel dies, downloads stand still until somebody comes',
    cause: 'The service that heals the tunnel does not run, or hangs.',
    mend: [
      'Start it anew: "sudo systemctl restart mediaserver-vpn".',
      'See why: "sudo journalctl -b -u mediaserver-vpn".',
      AGAIN,
    ],
    remedy: startWatch,
  },
  {
    id: 'vpn-blind',
    symptom: 'It is not known whether a dead tunnel would be healed',
    cause: 'The service that heals the tunnel runs, but does not see how the tunnel is: mostly Docker has much to do.',
    mend: [
      'Wait some minutes, and see how it is then: "sudo mediaserver vpn status".',
      'Does Docker answer? "sudo docker ps".',
      'See what the service says: "sudo journalctl -b -u mediaserver-vpn".',
      AGAIN,
    ],
  },
]
