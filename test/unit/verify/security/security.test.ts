import { describe, expect, test } from 'vitest'
import type { Service } from '../../../../firstboot/stack/catalogue.ts'
import { judgeJail } from '../../../../firstboot/verify/security/fail2ban.ts'
import { isLoopback, parsePublished, parseSockets } from '../../../../firstboot/verify/security/parse-sockets.ts'
import { offeredMethods, parseSshd } from '../../../../firstboot/verify/security/parse-sshd.ts'
import { judgePorts, ports } from '../../../../firstboot/verify/security/ports.ts'
import { judgeRoot } from '../../../../firstboot/verify/security/root-login.ts'
import { closeSecrets, judgeSecrets, secretFiles } from '../../../../firstboot/verify/security/secrets.ts'
import { sshKeys } from '../../../../firstboot/verify/security/ssh-keys.ts'
import { judgeLogin, sshLogin } from '../../../../firstboot/verify/security/ssh-login.ts'
import { someAnswers } from '../../plan-setup/answers.ts'
import { answering, aScene } from '../a-scene.ts'

const ended = (more: object = {}) => ({ code: 0, stdout: '', stderr: '', ...more })
const closed =
  'port 22\npermitrootlogin no\npasswordauthentication no\nkbdinteractiveauthentication no\npermitemptypasswords no\n'
const onlyKeys = ended({
  code: 255,
  stderr: 'Warning: Permanently added.\nanna@127.0.0.1: Permission denied (publickey).',
})

describe('login over SSH', () => {
  test('settings and ways in are read', () => {
    expect(parseSshd('Port 22\nport 2222\nnothing\n').get('port')).toEqual(['22', '2222'])
    expect(offeredMethods('x: Permission denied (publickey,password).')).toEqual(['publickey', 'password'])
    expect(offeredMethods('Connection refused')).toBeNull()
  })
  test('by key only', () => {
    expect(judgeLogin(ended({ stdout: closed }), onlyKeys).verdict).toBe('pass')
  })
  test.each([
    [
      'the settings allow a password',
      closed.replace('passwordauthentication no', 'passwordauthentication yes'),
      onlyKeys,
    ],
    [
      'they allow questions',
      closed.replace('kbdinteractiveauthentication no', 'kbdinteractiveauthentication yes'),
      onlyKeys,
    ],
    ['they are cut off', closed.slice(0, 60), onlyKeys],
    ['they say nothing', '', onlyKeys],
    [
      'the running server is older than they are',
      closed,
      ended({ code: 255, stderr: 'x: Permission denied (publickey,password).' }),
    ],
    ['the server asks nothing at all', closed, ended()],
  ])('%s', (_, stdout, server) => {
    expect(judgeLogin(ended({ stdout }), server)).toMatchObject({ verdict: 'fail', trouble: 'ssh-password' })
  })
  test('a server that does not answer, or says something else', () => {
    const server = (stderr: string, code: number | null = 255) =>
      judgeLogin(ended({ stdout: closed }), ended({ code, stderr }))
    expect(server('ssh: connect to host 127.0.0.1 port 22: Connection refused')).toMatchObject({ trouble: 'ssh-off' })
    expect(server('kex_exchange_identification: Not allowed at this time')).toMatchObject({ verdict: 'warn' })
    expect(server('spawn ssh ENOENT', null)).toMatchObject({ verdict: 'warn' })
    expect(
      judgeLogin(ended({ code: 255, stderr: '/etc/ssh/sshd_config.d/x.conf line 1: Bad' }), onlyKeys),
    ).toMatchObject({
      trouble: 'ssh-broken',
    })
  })
  test('without a program to ask it, a server that has read its settings as they are', () => {
    const none = ended({ code: null, stderr: 'spawn ssh ENOENT' })
    const judge = (changed: object, stdout = closed) => judgeLogin(ended({ stdout }), none, ended(changed)).verdict
    expect(judge({})).toBe('pass')
    expect(judge({ stdout: '/etc/ssh/sshd_config.d/x.conf\n' })).toBe('warn')
    expect(judge({ code: 1, stderr: 'find: ‘/run/sshd.pid’: No such file or directory' })).toBe('warn')
    expect(judge({}, closed.replace('passwordauthentication no', 'passwordauthentication yes'))).toBe('fail')
  })
  test('the server is asked on its own port', async () => {
    const asked: string[] = []
    const attempt = answering({ 'sh -c': closed.replace('22', '2222') }, asked)
    expect((await sshLogin.run(aScene({}, {}, { attempt }))).verdict).toBe('warn')
    expect(asked[1]).toContain('-p 2222 anna@127.0.0.1')
  })
})

describe('root', () => {
  const passwd = 'root:x:0:0::/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/bash\n'
  test.each([
    ['locked', closed, 'root:!*:20000::::::\n', passwd, 'pass', undefined],
    [
      'let in',
      closed.replace('permitrootlogin no', 'permitrootlogin prohibit-password'),
      'root:*:1:',
      passwd,
      'fail',
      'ssh-root',
    ],
    ['with a password', closed, 'root:$y$j9T$x:20000::::::\n', passwd, 'fail', 'root-password'],
    ['with an empty one', closed, 'root::20000::::::\n', passwd, 'fail', 'root-password'],
    ['twice', closed, 'root:*:1:', `${passwd}toor:x:0:0::/root:/bin/sh\n`, 'fail', 'second-root'],
    ['unknown', closed, null, passwd, 'fail', 'ssh-root'],
    ['not told of by sshd', '', 'root:*:1:', passwd, 'fail', 'ssh-root'],
  ] as const)('%s', (_, sshd, shadow, accounts, verdict, trouble) => {
    expect(judgeRoot(sshd, shadow, accounts)).toMatchObject({ verdict, ...(trouble === undefined ? {} : { trouble }) })
  })
})

test('a key that opens the machine', async () => {
  const path = '/etc/ssh/authorized_keys.d/anna'
  const look = async (text: string) => (await sshKeys.run(aScene({ [path]: text }))).verdict
  expect(await look(`# mine\n${someAnswers.sshKeys[0]}\n`)).toBe('pass')
  expect(await look('# none\nssh-ed25519 nonsense\n')).toBe('fail')
  expect((await sshKeys.run(aScene())).verdict).toBe('fail')
})

test('fail2ban', () => {
  const jail = [
    'Status for the jail: sshd',
    '|- Filter',
    '|  |- Currently failed: 0',
    '|  |- Total failed:     12',
    '|  `- Journal matches:  _SYSTEMD_UNIT=ssh.service + _COMM=sshd',
    '`- Actions',
    '   |- Currently banned: 1',
    '   |- Total banned:     3',
    '   `- Banned IP list:   203.0.113.7',
  ].join('\n')
  expect(judgeJail(ended({ stdout: jail }))).toEqual({
    verdict: 'pass',
    words: 'fail2ban watches SSH: 12 failed attempts, 1 addresses shut out now, 3 since its start.',
  })
  const needed = jail.indexOf('Total banned:     3') + 'Total banned:     '.length
  for (let length = 0; length < needed; length += 1)
    expect(judgeJail(ended({ stdout: jail.slice(0, length) })).verdict).toBe('fail')
  expect(judgeJail(ended({ code: 255, stderr: 'ERROR  Failed to access socket path' })).trouble).toBe('fail2ban-off')
  expect(judgeJail(ended({ code: null, stdout: jail })).verdict).toBe('fail')
})

describe('secrets', () => {
  const row = (mode: string, owner: string, path: string) => `${mode} ${owner} ${path}`
  const answers = row('600', 'root', '/var/lib/mediaserver/answers.json')
  test.each([
    ['shut', [answers, row('600', 'anna', '/home/anna/mediaserver/.env')], 'pass', undefined],
    ['open to a group', [answers, row('640', 'root', '/etc/mediaserver/vpn.json')], 'fail', 'secret-readable'],
    ['open to all', [row('644', 'root', '/var/lib/mediaserver/answers.json')], 'fail', 'secret-readable'],
    ['of somebody else', [answers, row('600', 'bob', '/etc/mediaserver/vpn.json')], 'fail', 'secret-readable'],
    ['unknown', [''], 'fail', 'secrets-unknown'],
    ['not told of', [row('600', 'root', '/etc/mediaserver/vpn.json')], 'fail', 'secrets-unknown'],
  ] as const)('%s', (_, rows, verdict, trouble) => {
    expect(judgeSecrets(rows.join('\n'), 'anna')).toMatchObject({
      verdict,
      ...(trouble === undefined ? {} : { trouble }),
    })
  })
  test('are shut again, and nothing that is not there is touched', async () => {
    const asked: string[] = []
    const attempt = answering({ stat: { code: 1, stdout: answers }, chmod: '', chown: '' }, asked)
    expect(await closeSecrets(aScene({}, {}, { attempt }))).toContain('1 files')
    expect(asked.slice(1)).toEqual([
      'chmod go-rwx /var/lib/mediaserver/answers.json',
      'chown root:root /var/lib/mediaserver/answers.json',
    ])
    await expect(closeSecrets(aScene())).rejects.toThrow('No file')
  })
  test('no file is named twice', () => {
    const paths = secretFiles('anna').map(({ path }) => path)
    expect(new Set(paths).size).toBe(paths.length)
  })
})

describe('ports', () => {
  const service = (name: string, port: number, reach: 'host' | 'lan' | 'wan'): Service => ({
    name,
    title: name,
    purpose: '',
    when: 'always',
    image: '',
    manifestDigest: '',
    configDigest: '',
    bytes: 0,
    network: 'own',
    bridges: ['media'],
    ports: [{ port, protocol: 'tcp', reach }],
    volumes: [],
    environment: {},
    health: [],
    patience: 1,
    waitFor: 'healthy',
    after: [],
    options: {},
  })
  const services = [
    service('sonarr', 8989, 'lan'),
    service('qbittorrent', 8080, 'host'),
    service('nordlynx', 9, 'host'),
  ]
  const sockets = [
    'tcp   LISTEN 0      128          0.0.0.0:22         0.0.0.0:*    users:(("sshd",pid=700,fd=3))',
    'tcp   LISTEN 0      128             [::]:22            [::]:*    users:(("sshd",pid=700,fd=4))',
    'tcp   LISTEN 0      4096       127.0.0.1:8080       0.0.0.0:*    users:(("docker-proxy",pid=900,fd=7))',
    'tcp   LISTEN 0      4096         0.0.0.0:8989       0.0.0.0:*    users:(("docker-proxy",pid=901,fd=7))',
    'tcp   LISTEN 0      1024               *:32400            *:*    users:(("Plex Media Serv",pid=800,fd=60))',
    'udp   UNCONN 0      0      127.0.0.53%lo:53         0.0.0.0:*    users:(("systemd-resolve",pid=400,fd=13))',
    'udp   UNCONN 0      0            0.0.0.0:5353       0.0.0.0:*    users:(("avahi-daemon",pid=500,fd=12))',
    'udp   UNCONN 0      0      10.0.0.2%ens3:68         0.0.0.0:*    users:(("systemd-network",pid=450,fd=20))',
  ]
  const published = 'sonarr\t0.0.0.0:8989->8989/tcp\nnordlynx\t127.0.0.1:8080->8080/tcp\nprowlarr\t9696/tcp\n'
  const judge = (more: { ss?: string[]; docker?: string } = {}) =>
    judgePorts(
      ended({ stdout: [...sockets, ...(more.ss ?? [])].join('\n') }),
      ended({ stdout: `${published}${more.docker ?? ''}` }),
      services,
      ['22'],
    )

  test('what ss and Docker print is read', () => {
    expect(parseSockets(sockets.join('\n')).map(({ address, port }) => `${address} ${port}`)).toContain('127.0.0.53 53')
    expect(parseSockets(sockets[1] ?? '')).toEqual([{ protocol: 'tcp', address: '::', port: 22, programs: ['sshd'] }])
    expect(
      parsePublished('a\t0.0.0.0:80->80/tcp, [::]:80->80/tcp, 0.0.0.0:6881-6889->6881-6889/udp, 53/udp\n'),
    ).toEqual([
      { container: 'a', address: '0.0.0.0', protocol: 'tcp', first: 80, last: 80 },
      { container: 'a', address: '::', protocol: 'tcp', first: 80, last: 80 },
      { container: 'a', address: '0.0.0.0', protocol: 'udp', first: 6881, last: 6889 },
    ])
    expect(['127.0.0.1', '::1', '127.0.0.53', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true)
    expect(['0.0.0.0', '::', '*', '10.0.0.1', '1270.0.0.1'].some(isLoopback)).toBe(false)
  })
  test('as they should be', () => {
    expect(judge()).toEqual({
      verdict: 'pass',
      words: 'Nothing can be reached but what should be: TCP 22, 8989, 32400',
    })
  })
  test.each([
    ['one that nobody wants', { docker: 'sonarr\t0.0.0.0:9999->9999/tcp' }, 'fail', 'port-published'],
    ['one for this machine alone, by Docker', { docker: 'nordlynx\t0.0.0.0:8080->8080/tcp' }, 'fail', 'port-exposed'],
    ['the same in a range', { docker: 'other\t[::]:8000-8100->8000-8100/tcp' }, 'warn', 'port-unexpected'],
    [
      'the same by a program',
      { ss: ['tcp LISTEN 0 9 0.0.0.0:8080 0.0.0.0:* users:(("socat",pid=1,fd=1))'] },
      'fail',
      'port-exposed',
    ],
    ["somebody's own container", { docker: 'mine\t0.0.0.0:7000->7000/tcp' }, 'warn', 'port-unexpected'],
    [
      "somebody's own program",
      { ss: ['tcp LISTEN 0 9 *:445 *:* users:(("smbd",pid=1,fd=1))'] },
      'warn',
      'port-unexpected',
    ],
  ])('%s', (_, more, verdict, trouble) => {
    expect(judge(more)).toMatchObject({ verdict, trouble })
  })
  test('SSH is on the port that sshd names', async () => {
    const ss = 'tcp LISTEN 0 128 0.0.0.0:2222 0.0.0.0:* users:(("sshd",pid=7,fd=3))'
    const look = async (sshd: string) => await ports.run(aScene({}, { ss, docker: '', 'sh -c': sshd }))
    expect((await look('port 2222\n')).verdict).toBe('pass')
    expect((await look('port 22\n')).verdict).toBe('warn')
  })
  test('what could not be asked proves nothing', () => {
    expect(judgePorts(ended(), ended(), services, ['22']).verdict).toBe('fail')
    expect(judgePorts(ended({ stdout: sockets.join('\n') }), ended({ code: 1 }), services, ['22']).verdict).toBe('fail')
  })
})
