import type { Scene } from '../check.ts'
import type { Trouble } from '../trouble.ts'
import { filmPlaces } from './films.ts'
import { closeMountpoints } from './mountpoint.ts'
import { ownMediaFolders } from './owner.ts'

const AGAIN = 'See whether it is well: "sudo mediaserver verify storage".'
const SAVE = 'Copy what you cannot lose to another disk now, before anything else.'

// The film disk is mounted by the identity of its file system, and the set-up of a machine that runs plans no disks: a new
// one is only used when it is a copy, or when everything is set up anew.
const REPLACE = [
  'Replace a film disk by a whole copy of it. Connect a new one that is no smaller, and see which is which: "lsblk -o PATH,SIZE,MODEL,SERIAL,MOUNTPOINTS".',
  'Stop what uses the old one: "sudo docker stop $(sudo docker ps -q)", then "sudo systemctl stop data*.mount".',
  'Copy it, which erases the new one: "sudo apt install gddrescue", then "sudo ddrescue --force /dev/OLD /dev/NEW copy.map && sudo poweroff". That takes hours; if it is cut off, the same line goes on.',
  'When the machine is off, take the old disk out, start it again, and have the services started: "sudo mediaserver apply".',
]
const ANEW =
  'Or set the machine up again from the stick, and choose the new disk: the SSD is erased then, films on a disk that you keep stay.'

// systemd knows a mount by the name of its place, see systemd-escape(1).
async function mountFilms({ root, attempt }: Scene): Promise<string> {
  const units = filmPlaces(root).mountpoints.map(place => `${place.slice(1)}.mount`)
  const { code, stderr } = await attempt(['systemctl', 'start', ...units])
  if (code !== 0) throw new Error(`The film disk could not be mounted: ${stderr.trim().split('\n')[0] ?? ''}`)
  return 'The film disk was mounted; the services that need it start by themselves.'
}

/** Everything that can be wrong with disks. */
export const storageTroubles: readonly Trouble[] = [
  {
    id: 'films-disk-gone',
    symptom: 'All films are gone, and Plex is off',
    cause: 'The film disk is not in the machine: a loose cable, no power, or the disk has died.',
    mend: [
      'Look at the cables and the power of the disk. Nothing on it was deleted.',
      'Once the disk is seen again, it is mounted by itself and the services come back.',
      'If it is not seen, start the machine anew: "sudo reboot".',
      AGAIN,
    ],
  },
  {
    id: 'films-not-mounted',
    symptom: 'All films are gone, and Plex is off',
    cause: 'The film disk is there but not mounted: its file system may be damaged, or somebody has unmounted it.',
    mend: [
      'Mount it: "sudo systemctl start data.mount".',
      'If that fails, see why: "journalctl -b -u data.mount".',
      AGAIN,
    ],
    remedy: mountFilms,
  },
  {
    id: 'films-wrong-disk',
    symptom: 'Other films are shown than those that should be there',
    cause: 'Another disk is mounted where the film disk belongs.',
    mend: ['Unmount it: "sudo umount /data".', 'Mount the right one: "sudo systemctl start data.mount".', AGAIN],
  },
  {
    id: 'films-read-only',
    symptom: 'Films can be watched, but none is added',
    cause:
      'Linux has found a fault on the film disk and lets nothing be written; or the disk was not shut down by Windows.',
    mend: [
      SAVE,
      'If the disk was used with Windows: shut Windows down fully there (not "fast startup"), then start this machine anew.',
      'Else start the machine anew, it checks the disk then: "sudo reboot".',
      'If it happens again, the disk is failing, and has to be replaced.',
      ...REPLACE,
      ANEW,
    ],
  },
  {
    id: 'films-full',
    symptom: 'Nothing is added any more; downloads end with an error',
    cause: 'The film disk is full.',
    mend: [
      'See what is large: "sudo du -xah --max-depth=3 /data | sort -h | tail -20".',
      'Delete films in Sonarr and Radarr, with their files; both know then that they are gone. What else is large, delete by hand.',
      'Or take a larger disk.',
      ...REPLACE,
      'Let a file system of the type ext4 take all of the new disk: "sudo apt install cloud-guest-utils", "sudo growpart /dev/NEW 1", then "sudo resize2fs /dev/NEW1".',
      ANEW,
      AGAIN,
    ],
  },
  {
    id: 'films-nearly-full',
    symptom: 'The film disk will soon be full',
    cause: 'More is added than deleted.',
    mend: ['Delete films in Sonarr and Radarr, with their files, or think of a larger disk.'],
  },
  {
    id: 'films-wrong-owner',
    symptom: 'Downloads end, but do not show up among the films',
    cause: 'A folder of films belongs to another user, so the services may not write to it.',
    mend: ['Give the folder to the services: "sudo chown 1000:1000 /data/media /data/media/*".', AGAIN],
    remedy: ownMediaFolders,
  },
  {
    id: 'films-foreign-folders',
    symptom: 'New episodes of some series are not added',
    cause: 'Folders that were copied here by somebody else still belong to that user.',
    mend: ['Give everything to the services: "sudo chown -R 1000:1000 /data/media". It changes no film.', AGAIN],
  },
  {
    id: 'films-no-folder',
    symptom: 'Nothing is added, and Plex shows nothing',
    cause: 'The folder /data/media is not there: it was moved or deleted, or another disk is mounted.',
    mend: ['Make the folders anew, nothing else is changed: "sudo mediaserver apply".', AGAIN],
  },
  {
    id: 'mountpoint-open',
    symptom: 'When the film disk is missing, the system disk fills up',
    cause: 'The empty folder below the film disk may be written to.',
    mend: ['Close it: "sudo mediaserver doctor mountpoint-open".', AGAIN],
    remedy: closeMountpoints,
  },
  {
    id: 'mountpoint-not-empty',
    symptom: 'The system disk is fuller than it should be, and some films cannot be found',
    cause: 'Something was written to the place of the film disk while the disk was not there.',
    mend: [
      'See it: "sudo unshare --mount sh -c \'umount -l /data; ls -lR /data\'".',
      'Move what you want to keep to the film disk, and delete the rest.',
    ],
  },
  {
    id: 'system-disk-full',
    symptom: 'Services stop, and nothing can be saved any more',
    cause: 'The system disk is full: mostly downloads that were never moved, or logs.',
    mend: [
      'See what is large: "sudo du -xh --max-depth=2 /home /var | sort -h | tail -20".',
      'Remove finished torrents in qBittorrent, with their files.',
      'Clear old packages and logs: "sudo apt clean", then "sudo journalctl --vacuum-size=200M".',
      AGAIN,
    ],
  },
  {
    id: 'system-disk-nearly-full',
    symptom: 'The system disk will soon be full',
    cause: 'Downloads lie on it until they are moved to the films.',
    mend: ['Remove finished torrents in qBittorrent, with their files.', 'Clear old packages: "sudo apt clean".'],
  },
  {
    id: 'system-read-only',
    symptom: 'Settings are lost, and services behave strangely',
    cause: 'Linux has found a fault on the system disk and lets nothing be written.',
    mend: [
      SAVE,
      'Start the machine anew, it checks the disk then: "sudo reboot".',
      'If it happens again, the disk is failing: put another one in and set the machine up again; films stay.',
    ],
  },
  {
    id: 'disk-failing',
    symptom: 'A disk says that it will fail',
    cause: 'It has counted more faults of its own than its maker allows.',
    mend: [
      SAVE,
      'If it is the SSD: switch off, put a new one in its place, and set the machine up again from the stick; films on a disk that you keep stay.',
      ...REPLACE,
      ANEW,
      'The output of "sudo smartctl -a /dev/DISK" is what its maker wants to see.',
    ],
  },
  {
    id: 'disk-wearing',
    symptom: 'Some films stop at the same place every time',
    cause: 'The disk has places that it cannot read any more. Mostly there will be more of them.',
    mend: [
      SAVE,
      'Look again in a week: "sudo mediaserver verify storage". If the number grows, the disk has to be replaced.',
      ...REPLACE,
      ANEW,
    ],
  },
  {
    id: 'disk-health-unknown',
    symptom: 'It is not known whether the disks are healthy',
    cause: 'They could not be asked: smartctl is missing or does not work here.',
    mend: ['Try it by hand: "sudo smartctl -H /dev/sda".', 'If it is missing: "sudo apt install smartmontools".'],
  },
  {
    id: 'disk-errors',
    symptom: 'Everything is slow at times, and files are damaged',
    cause: 'Reading or writing a disk fails: it is dying, its cable is loose, or its power is too weak.',
    mend: [
      SAVE,
      'Take another cable and another socket; a USB disk wants a port at the back, without a hub.',
      'Look at the disk itself: "sudo smartctl -a /dev/DISK".',
    ],
  },
  {
    id: 'films-disk-errors',
    symptom: 'Films stop, and downloads end with an error',
    cause: 'The film disk is mounted but does not take what is written, or gives back something else.',
    mend: [SAVE, 'Look at its cable and power, then start the machine anew: "sudo reboot".', AGAIN],
  },
  {
    id: 'disk-errors-unknown',
    symptom: 'It is not known whether disks make errors',
    cause: "The kernel's log could not be read.",
    mend: ['Try it by hand: "sudo journalctl --dmesg --boot".', AGAIN],
  },
]
