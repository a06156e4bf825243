import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../firstboot/verify/check.ts'
import { judgeJail } from '../../../firstboot/verify/security/fail2ban.ts'
import { parsePublished, parseSockets } from '../../../firstboot/verify/security/parse-sockets.ts'
import { judgeRoot } from '../../../firstboot/verify/security/root-login.ts'
import { judgeSecrets } from '../../../firstboot/verify/security/secrets.ts'
import { judgeLogin } from '../../../firstboot/verify/security/ssh-login.ts'
import { judgeHealth } from '../../../firstboot/verify/storage/health.ts'
import { judgeSpace } from '../../../firstboot/verify/storage/judge-space.ts'
import { judgeMountpoints } from '../../../firstboot/verify/storage/mountpoint.ts'
import { judgeOwners } from '../../../firstboot/verify/storage/owner.ts'
import { parseSpace } from '../../../firstboot/verify/storage/parse-space.ts'
import { judgeWriting } from '../../../firstboot/verify/storage/writable.ts'
import { judgeAutomatic } from '../../../firstboot/verify/updates/automatic.ts'
import { parseDate, parseTimedate } from '../../../firstboot/verify/updates/clock.ts'
import { errorsInLog, parseStamps } from '../../../firstboot/verify/updates/last-run.ts'
import { judgePackages } from '../../../firstboot/verify/updates/packages.ts'
import { parseVerification } from '../../../firstboot/verify/verification.ts'
import { verification } from '../firstboot/applying.ts'
import { damaged } from './damaged.ts'

const ended = (stdout: string, code: number | null = 0, stderr = '') => ({ code, stdout, stderr })
const seeds = Array.from({ length: 2000 }, (_, index) => index + 1)

const timers = (state: string) => `apt-daily-upgrade.timer loaded active x y\napt-daily.timer loaded ${state} x y\n`

/** What programs print on a machine that is not well, and what reads it. */
const sick: Readonly<Record<string, readonly [text: string, judge: (text: string) => Finding]>> = {
  'sshd with passwords': [
    'port 22\npermitrootlogin no\npasswordauthentication yes\nkbdinteractiveauthentication no\npermitemptypasswords no\n',
    text => judgeLogin(ended(text), ended('', 255, 'x: Permission denied (publickey).')),
  ],
  'a server that offers passwords': [
    'anna@127.0.0.1: Permission denied (publickey,password,keyboard-interactive).\n',
    text =>
      judgeLogin(
        ended('passwordauthentication no\nkbdinteractiveauthentication no\npermitemptypasswords no'),
        ended('', 255, text),
      ),
  ],
  'sshd that lets root in': [
    'port 22\npermitrootlogin yes\npasswordauthentication no\n',
    text => judgeRoot(text, 'root:*:1:', 'root:x:0:0::/root:/bin/sh'),
  ],
  'an unlocked root': ['root:$y$j9T$abc:20000:0:99999:7:::\n', text => judgeRoot('permitrootlogin no', text, '')],
  'a jail that is not there': [
    'Sorry but the jail sshd does not exist\nCurrently banned\n',
    text => judgeJail(ended(text)),
  ],
  'answers that all can read': ['644 root /var/lib/mediaserver/answers.json\n', text => judgeSecrets(text, 'anna')],
  'a failing disk': [
    JSON.stringify({ smart_status: { passed: false }, power_on_time: { hours: 3 } }, null, 1),
    text => judgeHealth([{ path: '/dev/sda', text }]),
  ],
  'a full disk': [
    '  8000000000000  0  1000  900 /data\n',
    text => judgeSpace(parseSpace(text), { full: 'f', little: 'l' }),
  ],
  'an open mountpoint': ['--------------e------- /data\nentries 0\n', text => judgeMountpoints(text, ['/data'])],
  'folders of somebody else': ['not writable: root:root 755 /data/media\n', text => judgeOwners(ended(text))],
  'a disk that takes nothing': ['wrote 0 bytes\n', text => judgeWriting(ended(text, 0, text))],
  'updates that are off': [
    'APT::Periodic "";\nAPT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "0";\n',
    text => judgeAutomatic(ended(text), ended(timers('active'))),
  ],
  'timers that are off': [
    timers('inactive'),
    text =>
      judgeAutomatic(
        ended('APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";'),
        ended(text),
      ),
  ],
  'a half installed package': ['iF |docker.io\n', text => judgePackages(ended(text))],
}

describe('what is wrong never becomes right by damage', () => {
  test.each(Object.entries(sick))('%s', (_, [text, judge]) => {
    expect(judge(text).verdict).not.toBe('pass')
    for (const seed of seeds) {
      // Lines that are lost, doubled, swapped or cut; letters could by chance say something else.
      const mutant = damaged(text, seed, false)
      expect(judge(mutant).verdict, `seed ${seed}: ${JSON.stringify(mutant)}`).not.toBe('pass')
      expect(() => judge(damaged(text, seed, true)), `seed ${seed}`).not.toThrow()
    }
  })
})

test('what only reads never throws', () => {
  const readers: readonly (readonly [string, (text: string) => unknown])[] = [
    ['tcp LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=7,fd=4))\n', parseSockets],
    ['a\t0.0.0.0:80->80/tcp, [::]:80->80/tcp, 0.0.0.0:1-9->1-9/udp\n', parsePublished],
    ['NTP=yes\nNTPSynchronized=yes\n', parseTimedate],
    ['HTTP/1.1 200 OK\r\nDate: Wed, 25 Nov 2026 12:00:00 GMT\r\n', parseDate],
    ['1795000000 /var/lib/apt/periodic/update-stamp\n', parseStamps],
    ['2026-11-20 06:00:00,000 INFO Starting unattended upgrades script\n2026-11-20 06:00:01,0 ERROR x\n', errorsInLog],
    [JSON.stringify(verification, null, 1), parseVerification],
  ]
  for (const [text, read] of readers)
    for (const seed of seeds) expect(() => read(damaged(text, seed, true))).not.toThrow()
})
