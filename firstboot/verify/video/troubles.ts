import type { Trouble } from '../trouble.ts'
import { mendPermission, removeInvented } from './remedies.ts'

const SLOW = 'Films stutter or take long to start, and the processor is busy all the time'
const RESTART = 'Restart the machine: "sudo systemctl reboot"'
const AGAIN = 'See whether it is well: "sudo mediaserver verify"'
const UPDATE = 'Bring the system up to date: "sudo apt update", then "sudo apt full-upgrade"'
const REPORT = 'If it stays so, save a report for others to look at: "sudo mediaserver diagnostics"'

const FIRMWARE = [
  'Debian: "sudo apt install firmware-intel-graphics"',
  'Ubuntu: "sudo apt install linux-firmware-intel-graphics"',
]

/** Everything that can be wrong with hardware video. */
export const videoTroubles: readonly Trouble[] = [
  {
    id: 'video-virtual-machine',
    symptom: SLOW,
    cause: 'A virtual machine has no Intel graphics unless its host hands them over.',
    mend: [
      'Install on the machine itself: that is what this system is made for.',
      'Or hand the graphics over on the host ("PCI passthrough" of the display device), and start the guest again.',
    ],
  },
  {
    id: 'video-no-intel',
    symptom: SLOW,
    cause: 'Quick Sync is a part of Intel graphics, and this machine has none.',
    mend: [
      'Nothing is broken: films that a player takes as they are play well. Only transcoding is slow.',
      'A processor without an F at the end of its name, or an Intel Arc card, brings Quick Sync.',
    ],
  },
  {
    id: 'video-other-maker',
    symptom: SLOW,
    cause: 'The graphics are not from Intel; this system proves and sets up Quick Sync, which is.',
    mend: [
      'AMD: Plex tries its own driver by itself. See "Plex transcodes in hardware" in "mediaserver verify".',
      'NVIDIA: Plex needs the driver of NVIDIA itself, which this system does not bring.',
      'If the processor has Intel graphics too, switch them on in the setup of the firmware ("iGPU Multi-Monitor").',
    ],
  },
  {
    id: 'video-off-in-setup',
    symptom: SLOW,
    cause: 'The graphics inside the processor are switched off in the setup of the firmware (BIOS).',
    mend: [
      'Restart, and press the key for the setup (mostly Del, F2 or F10).',
      'Set "Internal Graphics", "IGD" or "iGPU Multi-Monitor" to "Enabled", save, and start again.',
      AGAIN,
    ],
  },
  {
    id: 'video-nomodeset',
    symptom: SLOW,
    cause: 'The kernel was started with "nomodeset" (safe graphics), which switches off every graphics driver.',
    mend: [
      'Take the word "nomodeset" out of /etc/default/grub and of /etc/default/grub.d/: "sudo nano /etc/default/grub"',
      'Write the boot menu anew: "sudo update-grub"',
      RESTART,
    ],
  },
  {
    id: 'video-driver-off',
    symptom: SLOW,
    cause: 'The kernel was told not to load the driver of Intel graphics.',
    mend: [
      'Look for "modeset=0" and "blacklist": "grep -rE \'modeset|blacklist\' /etc/default/grub /etc/modprobe.d"',
      'Take it out, then: "sudo update-grub"',
      RESTART,
    ],
  },
  {
    id: 'video-reserved',
    symptom: SLOW,
    cause: 'The graphics are reserved for a virtual machine (driver vfio-pci), so this system may not use them.',
    mend: ['Take the reservation out: "grep -r vfio /etc/default/grub /etc/modprobe.d"', RESTART],
  },
  {
    id: 'video-kernel-too-old',
    symptom: SLOW,
    cause: 'The graphics are newer than the kernel.',
    mend: [
      UPDATE,
      'Ubuntu 24.04: "sudo apt install linux-generic-hwe-24.04"',
      'Debian: take the kernel and the firmware from backports.',
      RESTART,
    ],
  },
  {
    id: 'video-no-node',
    symptom: SLOW,
    cause: 'The driver of the graphics has not made a door for programs, or it was taken away.',
    mend: ['Let it be made again: "sudo udevadm trigger --subsystem-match=drm"', RESTART, REPORT],
  },
  {
    id: 'video-node-of-nothing',
    symptom: 'Plex says that hardware transcoding is on, and uses the processor',
    cause: 'A render node is there that no graphics device stands behind, made by a test driver such as vgem.',
    mend: ['Take the driver out: "sudo modprobe -r vgem"', AGAIN],
    remedy: removeInvented,
  },
  {
    id: 'video-permission',
    symptom: SLOW,
    cause: 'The user that Plex runs as may not open the graphics.',
    mend: [
      'Let the device get its usual rights: "sudo udevadm trigger --settle --subsystem-match=drm --action=change"',
      'Give the user the group of the device: "sudo /usr/lib/mediaserver/plex-groups"',
      'Start Plex again, when nobody is watching: "sudo systemctl restart plexmediaserver"',
      AGAIN,
    ],
    remedy: mendPermission,
  },
  {
    id: 'video-plex-groups',
    symptom: SLOW,
    cause:
      'Plex was started before its user got the group of the graphics, and a program keeps the groups it began with.',
    mend: ['Start Plex again, when nobody is watching: "sudo systemctl restart plexmediaserver"'],
  },
  {
    id: 'video-no-plex',
    symptom: 'There is no Plex',
    cause: 'Plex is not installed, so there is nobody who would use the graphics.',
    mend: ['Install it: "sudo mediaserver apply"'],
  },
  {
    id: 'video-firmware-missing',
    symptom: SLOW,
    cause: 'The graphics of newer processors run programs of their own, and their files are not installed.',
    mend: [...FIRMWARE, 'Put it into what starts the machine: "sudo dracut --force"', RESTART],
  },
  {
    id: 'video-firmware-old',
    symptom: 'Films stutter now and then',
    cause: 'The firmware of the graphics is older than the kernel wants it.',
    mend: [UPDATE, RESTART],
  },
  {
    id: 'video-firmware-broken',
    symptom: SLOW,
    cause: 'The graphics do not take their firmware: its file is damaged, or of the wrong age.',
    mend: [
      'Debian: "sudo apt install --reinstall firmware-intel-graphics"',
      'Ubuntu: "sudo apt install --reinstall linux-firmware-intel-graphics"',
      'Put it into what starts the machine: "sudo dracut --force"',
      RESTART,
    ],
  },
  {
    id: 'video-firmware-off',
    symptom: 'Films look bad or stop while they are transcoded',
    cause: 'The video firmware (HuC) is switched off; some encoders need it to keep to a bit rate.',
    mend: [
      'Look for a setting of yours: "grep -r enable_guc /proc/cmdline /etc/modprobe.d"; take it out.',
      'See what this system chose, and why: "journalctl -u mediaserver-graphics"',
      RESTART,
    ],
  },
  {
    id: 'video-wedged',
    symptom: SLOW,
    cause: 'The graphics hung and could not be started anew, so the driver has given up until the next start.',
    mend: [RESTART, UPDATE, 'If it comes back, start the kernel before this one: it is in the boot menu.', REPORT],
  },
  {
    id: 'video-hangs',
    symptom: 'A film stops for some seconds while it is transcoded',
    cause: 'The graphics hang now and then, and the driver starts them anew.',
    mend: [UPDATE, 'If it began with an update, start the kernel before it: it is in the boot menu.', REPORT],
  },
  {
    id: 'video-unseen',
    symptom: 'The proof of hardware video is not complete',
    cause: 'What the kernel knows of the graphics could not be read.',
    mend: ['Run it as root: "sudo mediaserver verify"', 'The log keeps only so much: restart, and verify again.'],
  },
  {
    id: 'video-tools',
    symptom: 'The proof of hardware video is not complete',
    cause: 'A program that proves hardware video is not installed as it should be, or did not end.',
    mend: ['Install them: "sudo apt install --reinstall vainfo ffmpeg intel-gpu-tools"', AGAIN],
  },
  {
    id: 'video-wrong-driver',
    symptom: SLOW,
    cause: 'The graphics were opened by the driver of another maker, or have none for video.',
    mend: [
      'Look for a setting that forces a driver: "grep -r LIBVA_DRIVER /etc/environment /etc/profile.d"; take it out.',
      AGAIN,
    ],
  },
  {
    id: 'video-driver-missing',
    symptom: SLOW,
    cause: 'The video driver of Intel is not installed.',
    mend: [
      'From the 5th generation on: "sudo apt install intel-media-va-driver-non-free"',
      'Before it: "sudo apt install i965-va-driver"',
      AGAIN,
    ],
  },
  {
    id: 'video-driver-broken',
    symptom: SLOW,
    cause: 'The video driver and its libraries are of different age: an update was not finished.',
    mend: [
      'Finish the update: "sudo dpkg --configure -a", then "sudo apt install -f"',
      'Install it anew: "sudo apt install --reinstall intel-media-va-driver-non-free libigdgmm12 libva2"',
      AGAIN,
    ],
  },
  {
    id: 'video-driver-too-old',
    symptom: SLOW,
    cause: 'The graphics are newer than the video driver of this release.',
    mend: [
      UPDATE,
      'If nothing newer is there, set the machine up with an image of the newest base; films and settings can be kept.',
    ],
  },
  {
    id: 'video-driver-refuses',
    symptom: SLOW,
    cause: 'The video driver does not start with these graphics; mostly the kernel or the firmware is at fault.',
    mend: ['Look at what the kernel says: "sudo journalctl -k -b | grep -E \'i915|xe \'"', RESTART, UPDATE, REPORT],
  },
  {
    id: 'video-free-driver',
    symptom: SLOW,
    cause: 'The free build of the video driver is installed; it cannot scale or encode on many processors.',
    mend: ['Install the whole one: "sudo apt install intel-media-va-driver-non-free"', AGAIN],
  },
  {
    id: 'video-no-hevc',
    symptom: 'Films in HEVC stutter or make the processor hot, others do not',
    cause: 'The video driver does not offer the decoder of HEVC that these graphics have.',
    mend: [
      'Install the driver anew: "sudo apt install --reinstall intel-media-va-driver-non-free libva2"',
      'See what it offers: "vainfo --display drm --device /dev/dri/renderD128 | grep HEVC"',
      UPDATE,
      REPORT,
    ],
  },
  {
    id: 'video-old-driver',
    symptom: 'Some films are not transcoded in hardware',
    cause:
      'The driver for old processors is used for a newer one: the right one is not installed, or something forces it.',
    mend: [
      'Look for a setting that forces it: "grep -r LIBVA_DRIVER /etc/environment /etc/profile.d"; take it out.',
      'Install the right one: "sudo apt install --reinstall intel-media-va-driver-non-free"',
      AGAIN,
    ],
  },
  {
    id: 'video-cannot-encode',
    symptom: SLOW,
    cause: 'The driver offers no encoder for H.264: the free build is installed, or the processor has none.',
    mend: ['Install the whole driver: "sudo apt install intel-media-va-driver-non-free"', AGAIN],
  },
  {
    id: 'video-encode',
    symptom: SLOW,
    cause: 'The driver says that it can encode, and fails when it has to.',
    mend: [RESTART, UPDATE, REPORT],
  },
  {
    id: 'video-quick-sync',
    symptom: 'Programs in containers cannot use Quick Sync',
    cause: 'The runtime of Quick Sync is missing or too old. Plex is well: it uses VA-API.',
    mend: ['Install it: "sudo apt install libmfx-gen1.2 libvpl2"', UPDATE],
  },
  {
    id: 'video-software',
    symptom: SLOW,
    cause: 'Something that should use the hardware uses the processor, without a word.',
    mend: [RESTART, 'Install the driver anew: "sudo apt install --reinstall intel-media-va-driver-non-free"', REPORT],
  },
  {
    id: 'video-engine-idle',
    symptom: SLOW,
    cause: 'Films are encoded, but not by the video engine of the graphics.',
    mend: [RESTART, REPORT],
  },
  {
    id: 'video-engine-unseen',
    symptom: 'The proof of hardware video is not complete',
    cause: 'This kernel does not count how long the video engine worked for a program.',
    mend: ['Nothing is broken: a film was encoded by an encoder that exists in hardware only.', UPDATE],
  },
  {
    id: 'video-two-devices',
    symptom: SLOW,
    cause: 'There are several graphics devices, and the wrong one is used.',
    mend: [
      'In Plex, open Settings, Transcoder, "Hardware transcoding device", and choose the one of Intel.',
      'Or switch the other one off in the setup of the firmware.',
      AGAIN,
    ],
  },
  {
    id: 'video-plex-down',
    symptom: 'Plex cannot be reached',
    cause: 'Plex does not run, or has not finished its start.',
    mend: ['Start it: "sudo systemctl restart plexmediaserver"', 'See what it says: "journalctl -u plexmediaserver"'],
  },
  {
    id: 'video-plex-starting',
    symptom: 'The proof of hardware video is not complete',
    cause: 'Plex is starting, or puts its library in order after an update.',
    mend: ['Wait a few minutes', AGAIN],
  },
  {
    id: 'video-plex-no-account',
    symptom: SLOW,
    cause: 'Only a server with an account that has a Plex Pass transcodes in hardware.',
    mend: ['Sign in: "sudo mediaserver plex claim"'],
  },
  {
    id: 'video-no-plex-pass',
    symptom: SLOW,
    cause: 'Plex transcodes in hardware for accounts with a Plex Pass only; the machine itself could.',
    mend: [
      'Films that a player takes as they are need no transcoding: set the player to "Original" quality.',
      'Get a Plex Pass at https://www.plex.tv/plex-pass, then: "sudo mediaserver plex reclaim"',
    ],
  },
  {
    id: 'video-plex-off',
    symptom: SLOW,
    cause: 'Somebody has switched hardware transcoding off in Plex.',
    mend: ['In Plex, open Settings, Transcoder, and switch on "Use hardware acceleration when available".'],
  },
  {
    id: 'video-plex-software',
    symptom: SLOW,
    cause: 'Plex has a video driver of its own, and that does not work here although the one of the system may.',
    mend: [
      'It fetches its driver from the Internet. Start it again: "sudo systemctl restart plexmediaserver"',
      'Is there a Plex Pass? "mediaserver plex status"',
      'Take the next version: "sudo apt update", then "sudo apt install plexmediaserver"',
      REPORT,
    ],
  },
  {
    id: 'video-plex-unclear',
    symptom: 'The proof of hardware video is not complete',
    cause: 'Plex was asked to transcode a film and did not, or did not say how.',
    mend: [
      'Play a film, choose a lower quality, and look at the Dashboard of Plex: it says "(hw)" behind "Transcode".',
      'See what Plex says: "journalctl -u plexmediaserver"',
      AGAIN,
    ],
  },
  {
    id: 'video-plex-no-film',
    symptom: 'The proof of hardware video is not complete',
    cause: 'Plex has nothing that it could transcode.',
    mend: ['Copy a film to /data/media/movies and wait until it is shown in Plex.', AGAIN],
  },
]
