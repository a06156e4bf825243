import type { Trouble } from '../trouble.ts'
import { switchUpdatesOn } from './automatic.ts'
import { keepClock } from './clock.ts'
import { goOn } from './packages.ts'

const AGAIN = 'See whether it is well: "sudo mediaserver verify updates".'

/** Everything that can be wrong with updates and the clock. */
export const updatesTroubles: readonly Trouble[] = [
  {
    id: 'updates-off',
    symptom: 'Holes that are known stay open',
    cause: 'Security updates were switched off.',
    mend: ['Switch them on: "sudo mediaserver apply".', AGAIN],
    remedy: switchUpdatesOn,
  },
  {
    id: 'updates-late',
    symptom: 'Security updates do not come',
    cause: 'The network is away, a source of packages does not answer, or the machine is off most of the time.',
    mend: [
      'Try it by hand, and read what it says: "sudo apt update", then "sudo unattended-upgrade -v".',
      'If a source is refused, see which file in /etc/apt/sources.list.d names it.',
      AGAIN,
    ],
  },
  {
    id: 'updates-refused',
    symptom: 'Updates of one source do not come any more',
    cause:
      'Its list is signed by a key that this machine does not have, or that has expired; apt goes on with the old one.',
    mend: [
      'Read which source and which key: "sudo apt update".',
      'Is the clock right? "sudo mediaserver verify updates".',
      'Of Ubuntu: "sudo apt install --reinstall ubuntu-keyring". Of Debian: "sudo apt install --reinstall debian-archive-keyring".',
      'Of another source, get its new key from its maker; the file in /etc/apt/sources.list.d names its place (signed-by).',
      AGAIN,
    ],
  },
  {
    id: 'updates-failing',
    symptom: 'Security updates come, but are not installed',
    cause: 'The last one ended with an error.',
    mend: ['Try it by hand, and read what it says: "sudo unattended-upgrade -v".', AGAIN],
  },
  {
    id: 'updates-restart',
    symptom: 'An update is installed, but the old program still runs',
    cause: 'The kernel and some libraries are only exchanged when the machine starts anew.',
    mend: ['It happens by itself at 04:30. Or now, films that are being watched stop: "sudo reboot".'],
  },
  {
    id: 'packages-broken',
    symptom: 'No package can be installed any more',
    cause: 'An update was stopped half way, mostly by a power cut.',
    mend: ['Go on with it: "sudo dpkg --configure -a", then "sudo apt --fix-broken install".', AGAIN],
    remedy: goOn,
  },
  {
    id: 'packages-busy',
    symptom: 'No package can be installed right now',
    cause: 'An update is on its way: dpkg is at work.',
    mend: [
      'Wait some minutes, and do not switch the machine off.',
      'If it lasts for hours, see who is at work: "sudo fuser -v /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock".',
      AGAIN,
    ],
  },
  {
    id: 'clock-wrong',
    symptom: 'Nothing on the internet is trusted: no VPN, no updates, no certificates',
    cause: 'The clock is wrong: the battery on the board is empty, or somebody has set it.',
    mend: [
      'Set it over the network: "sudo timedatectl set-ntp true", then "sudo systemctl restart systemd-timesyncd".',
      'If it is wrong again after every start, the battery of the board (CR2032) is empty.',
      AGAIN,
    ],
    remedy: keepClock,
  },
  {
    id: 'clock-not-kept',
    symptom: 'The clock goes wrong little by little',
    cause: 'Setting it over the network was switched off.',
    mend: ['Switch it on: "sudo timedatectl set-ntp true".', AGAIN],
    remedy: keepClock,
  },
  {
    id: 'clock-unknown',
    symptom: 'It is not known whether the clock is right',
    cause: 'No time server answers (UDP port 123): the network is away, or the router does not let it pass.',
    mend: [
      'Look at the network; the check is made again every hour.',
      'See what is tried: "timedatectl timesync-status".',
    ],
    remedy: keepClock,
  },
]
