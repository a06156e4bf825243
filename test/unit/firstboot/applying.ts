import { Secret } from '../../../firstboot/answers/secret.ts'
import type { ApplyEvent } from '../../../firstboot/apply/events.ts'
import { type Progress, progressOf } from '../../../firstboot/progress/reduce.ts'
import { type FailedInput, failedScreen, type FailedState, initialFailed } from '../../../firstboot/screens/failed.ts'
import {
  type FinishedInput,
  finishedScreen,
  type FinishedState,
  initialFinished,
  type Proof,
} from '../../../firstboot/screens/finished.ts'
import { initialStatus, type StatusInput, statusScreen, type StatusState } from '../../../firstboot/screens/status.ts'
import {
  initialWorking,
  type WorkingInput,
  workingScreen,
  type WorkingState,
} from '../../../firstboot/screens/working.ts'
import type { Result, Verification } from '../../../firstboot/verify/verification.ts'
import { linksOf, type ServicePage } from '../../../firstboot/status/links.ts'
import type { Status } from '../../../firstboot/status/read.ts'
import type { Charset } from '../../../firstboot/terminal/abilities.ts'
import type { Line } from '../../../firstboot/terminal/lines.ts'

/** A terminal to show something on. */
export interface Show {
  readonly charset: Charset
  readonly columns: number
  readonly rows: number
}

const second = 1000
const start = 1_800_000_000_000
const titles: readonly (readonly [string, string, number])[] = [
  ['prepare-disk', 'Prepare the SSD', 10],
  ['copy-system', 'Copy the system', 120],
  ['boot', 'Make it start by itself', 20],
  ['unpack', 'Unpack the services', 60],
  ['vpn', 'Connect to NordVPN', 15],
  ['services', 'Start and connect the services', 60],
  ['proof', 'Prove that it works', 30],
]
const begun: ApplyEvent = {
  type: 'begun',
  at: start,
  planHash: 'h',
  mode: 'install',
  changes: titles.map(([id, title, weight]) => ({ id, title, weight })),
}
const at = (seconds: number) => start + seconds * second
const log = (seconds: number, id: string, line: string): ApplyEvent => ({ type: 'log', at: at(seconds), id, line })

/** An installation in the middle of its work. */
export const middle: readonly ApplyEvent[] = [
  begun,
  { type: 'started', at: at(0), id: 'prepare-disk' },
  log(
    1,
    'prepare-disk',
    'sgdisk: GPT data structures destroyed! You may now partition the disk using fdisk or other utilities.',
  ),
  { type: 'done', at: at(8), id: 'prepare-disk', evidence: '' },
  { type: 'started', at: at(8), id: 'copy-system' },
  ...Array.from({ length: 30 }, (_, file) =>
    log(9 + file, 'copy-system', `usr/lib/x86_64-linux-gnu/libexample.so.${file}`),
  ),
  { type: 'done', at: at(150), id: 'copy-system', evidence: '18080 files, all of them as built' },
  { type: 'done', at: at(170), id: 'boot', evidence: 'UEFI and BIOS' },
  { type: 'started', at: at(170), id: 'unpack' },
  { type: 'progress', at: at(190), id: 'unpack', doing: 'sonarr', done: 412e6, total: 690e6 },
  log(191, 'unpack', 'Loaded image: sonarr:4.0.9'),
]
/** The same, a little later. */
export const working = progressOf(middle, at(192))

/** A refused token. */
export const failed = progressOf(
  [
    ...middle,
    { type: 'done', at: at(230), id: 'unpack', evidence: '9 of 9' },
    { type: 'started', at: at(230), id: 'vpn' },
    {
      type: 'failed',
      at: at(280),
      id: 'vpn',
      message: 'NordVPN refused the token: it has expired or was revoked (code 101301).',
      mend: 'Make a new one at my.nordaccount.com: NordVPN, Manual setup, Access token. Then choose "Edit the answers".',
    },
  ],
  at(400),
)

/** A plan with more changes than a screen has rows, in its middle. */
export const many: Progress = progressOf(
  [
    {
      ...begun,
      type: 'begun',
      changes: Array.from({ length: 40 }, (_, index) => ({
        id: `c${index}`,
        title: `Change number ${index}`,
        weight: 5,
      })),
    },
    ...Array.from({ length: 20 }, (_, index): ApplyEvent => ({
      type: 'done',
      at: at(index),
      id: `c${index}`,
      evidence: 'ok',
    })),
    { type: 'started', at: at(20), id: 'c20' },
    { type: 'progress', at: at(21), id: 'c20', doing: 'piece', done: 6, total: 9 },
  ],
  at(25),
)

export const pages: readonly ServicePage[] = [
  { name: 'Plex', port: 32400, path: '/web' },
  { name: 'Requests', port: 5055, path: '' },
]

export const proofs: readonly Proof[] = [
  {
    verdict: 'pass',
    title: 'Hardware transcoding',
    words: 'h264 clip encoded by Quick Sync at 312 frames/s',
    detail: [],
  },
  {
    verdict: 'pass',
    title: 'Your address is hidden',
    words: 'torrents: 185.0.2.7, Sweden   home: 203.0.113.9',
    detail: ['asked three services from behind the tunnel', 'asked the same three from this machine'],
  },
  { verdict: 'pass', title: 'Kill switch', words: '40 packets tried without a tunnel, 0 got out', detail: [] },
  { verdict: 'pass', title: 'Film disk unchanged', words: '18,204 files compared', detail: [] },
  {
    verdict: 'warn',
    title: 'Remote access',
    words: 'your router does not forward port 32400 yet (see how in the proof)',
    detail: ['On the router, forward TCP port 32400 to 192.168.1.57, port 32400.'],
  },
]

export const passwords = [
  { service: 'Plex', user: 'anna', password: new Secret('correct-horse-7') },
  { service: 'qBittorrent', user: 'admin', password: new Secret('battery-staple-9') },
]

const verifiedAt = 1_790_000_000_000
const proven = (id: string, section: string, title: string, words: string, more: Partial<Result> = {}): Result => ({
  id,
  section,
  title,
  how: 'Asks and measures, and compares what comes out.',
  verdict: 'pass',
  words,
  detail: [],
  way: null,
  at: verifiedAt,
  seconds: 1.2,
  since: verifiedAt - 7_200_000,
  ...more,
})

/** What a machine has found out about itself: nearly all is well. */
export const verification: Verification = {
  at: verifiedAt,
  results: [
    proven('video-encode', 'hardware video', 'A film is encoded by hardware', 'h264 by Quick Sync at 312 frames/s'),
    proven('vpn-address', 'VPN', 'Home address is hidden', 'torrents 185.0.2.7, Sweden; home 203.0.113.9'),
    proven('domain-name', 'domain', 'The domain leads here', 'There is no domain.', { verdict: 'none' }),
    proven(
      'storage-owner',
      'storage',
      'Services may add films',
      '/data/media/tv belongs to root, so no film can be added.',
      {
        verdict: 'fail',
        detail: ['/data/media/tv belongs to root:root (755)'],
        way: {
          id: 'films-wrong-owner',
          symptom: 'Downloads end, but do not show up among the films',
          cause: 'A folder of films belongs to another user, so the services may not write to it.',
          mend: ['Give the folder to the services: "sudo chown 1000:1000 /data/media/tv".'],
          remedy: true,
        },
      },
    ),
    proven('updates-restart', 'updates', 'Updates are in force', 'Updates wait for a restart.', {
      verdict: 'warn',
      way: {
        id: 'updates-restart',
        symptom: 'An update is installed, but the old program still runs',
        cause: 'The kernel is only exchanged when the machine starts anew.',
        mend: ['It happens by itself at 04:30. Or now: "sudo reboot".'],
        remedy: false,
      },
    }),
  ],
}
export const well: Verification = {
  at: verifiedAt,
  results: verification.results.filter(({ verdict }) => verdict === 'pass'),
}
/** A quarter of an hour later. */
export const now = verifiedAt + 900_000

export const status: Status = {
  closed: null,
  firstSetUp: false,
  hostname: 'mediaserver',
  user: 'anna',
  addresses: ['192.168.1.57', 'fd00::57'],
  services: [
    { name: 'Plex', state: 'running', look: 'journalctl -u plexmediaserver.service' },
    { name: 'Docker', state: 'starting', look: 'journalctl -u docker.service' },
    { name: 'SSH', state: 'running', look: 'journalctl -u ssh.service' },
    { name: 'Lock against guessing', state: 'failed', look: 'journalctl -u fail2ban.service' },
    { name: 'Disk health', state: 'off', look: 'journalctl -u smartmontools.service' },
  ],
  pages,
  data: { state: 'mounted', source: '/dev/sda1', fileSystem: 'ext4', readOnly: false },
  verification,
  verifying: null,
}

const consoles = { mine: 'tty1', owner: 'tty1', all: ['tty1', 'ttyS0'] }
const page = ({ charset, columns, rows }: Show) => ({
  manifest: { product: 'Media Server', version: '0.1.0' },
  abilities: { charset, columns, rows, styles: false, askSize: false },
})

export const workingInput = (
  show: Show,
  state: Partial<WorkingState> = {},
  more: Partial<WorkingInput> = {},
): WorkingInput => ({ ...page(show), progress: working, consoles, ...more, state: { ...initialWorking, ...state } })

export const failedInput = (
  show: Show,
  state: Partial<FailedState> = {},
  more: Partial<FailedInput> = {},
): FailedInput => ({
  ...page(show),
  progress: failed,
  consoles,
  ...more,
  state: { ...initialFailed, ...state },
})

export const finishedInput = (
  show: Show,
  state: Partial<FinishedState> = {},
  more: Partial<FinishedInput> = {},
): FinishedInput => ({
  ...page(show),
  mode: 'install',
  proofs,
  proven: null,
  links: linksOf(pages, 'mediaserver', ['192.168.1.57']),
  scan: 'http://192.168.1.57:5055',
  passwords,
  ...more,
  state: { ...initialFinished, ...state },
})

export const statusInput = (
  show: Show,
  state: Partial<StatusState> = {},
  more: Partial<StatusInput> = {},
): StatusInput => ({
  ...page(show),
  status,
  now,
  ...more,
  state: { ...initialStatus, ...state },
})

/** Every screen and view of it. */
export const screens: Readonly<Record<string, (show: Show) => Line[]>> = {
  working: show => workingScreen(workingInput(show)),
  'working-log': show => workingScreen(workingInput(show, { view: 'log' })),
  'working-help': show => workingScreen(workingInput(show, { view: 'help' })),
  'working-many': show => workingScreen(workingInput(show, {}, { progress: many })),
  'working-reading': show =>
    workingScreen(
      workingInput(
        show,
        { notice: 'Not now: disks are being written. It ends by itself, even when it fails.' },
        { consoles: { ...consoles, mine: 'ttyS0' } },
      ),
    ),
  'working-start': show => workingScreen(workingInput(show, {}, { progress: progressOf([], 0) })),
  failed: show => failedScreen(failedInput(show)),
  'failed-reading': show => failedScreen(failedInput(show, {}, { consoles: { ...consoles, mine: 'ttyS0' } })),
  'failed-report': show =>
    failedScreen(failedInput(show, { chosen: 4, notice: 'The report is on the stick: report-2026-11-25.tar.gz' })),
  'failed-power': show => failedScreen(failedInput(show, { view: 'power' })),
  finished: show => finishedScreen(finishedInput(show)),
  'finished-proof': show => finishedScreen(finishedInput(show, { view: 'proof' })),
  'finished-configured': show =>
    finishedScreen(
      finishedInput(show, {}, { mode: 'configure', proven: { verification: well, verifying: null, now } }),
    ),
  'finished-verified': show =>
    finishedScreen(
      finishedInput(show, { view: 'proof' }, { mode: 'configure', proven: { verification, verifying: null, now } }),
    ),
  'finished-passwords': show => finishedScreen(finishedInput(show, { view: 'passwords' })),
  'finished-code': show => finishedScreen(finishedInput(show, { view: 'code' })),
  status: show => statusScreen(statusInput(show)),
  'status-trouble': show =>
    statusScreen(
      statusInput(show, {}, { status: { ...status, addresses: [], data: { state: 'missing' }, verification: null } }),
    ),
  'status-start': show => statusScreen(statusInput(show, {}, { status: null })),
  'status-proof': show => statusScreen(statusInput(show, { view: 'proof' })),
  'status-explained': show => statusScreen(statusInput(show, { view: 'explained', top: 20 })),
  'status-verifying': show =>
    statusScreen(
      statusInput(
        show,
        { view: 'proof', chosen: 1 },
        { status: { ...status, verification: null, verifying: { done: 7, total: 41, now: ['Kill switch'] } } },
      ),
    ),
  'status-old': show => statusScreen(statusInput(show, {}, { now: now + 90_000_000 })),
  'status-again': show => statusScreen(statusInput(show, { view: 'again' })),
}
