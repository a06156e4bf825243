import { mkdir } from 'node:fs/promises'
import * as z from 'zod/mini'
import { defineChange, type Site } from './change.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'

const Params = z.object({ user: z.string() })
type Params = z.infer<typeof Params>

const files = ({ user }: Params): OwnFile[] => [
  {
    path: '/etc/ssh/sshd_config.d/10-mediaserver.conf',
    text: [
      '# Written by the set-up of the media server. The first value that sshd reads wins.',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin no',
      `AllowUsers ${user}`,
      'AuthorizedKeysFile /etc/ssh/authorized_keys.d/%u .ssh/authorized_keys',
      'X11Forwarding no',
      '',
    ].join('\n'),
  },
  {
    path: '/etc/fail2ban/jail.d/mediaserver.conf',
    // There is no log file: sshd speaks to the journal.
    text: '[DEFAULT]\nbackend = systemd\nbanaction = nftables-multiport\n\n[sshd]\nenabled = true\nmaxretry = 5\n',
  },
]

/** What sshd itself says that it will do, see -T in sshd(8); names in lower case. */
async function effective(user: string, site: Site): Promise<Map<string, string>> {
  // sshd wants its empty folder, which exists only while the service runs.
  await mkdir(site.path('/run/sshd'), { recursive: true })
  const output = await site.runInside(['sshd', '-T', '-C', `user=${user},host=localhost,addr=127.0.0.1`], {
    whole: true,
  })
  return new Map(
    output.split('\n').map(line => {
      const space = line.indexOf(' ')
      return [line.slice(0, space).toLowerCase(), line.slice(space + 1)]
    }),
  )
}

/** Lets people in by key only, and shuts out who guesses. */
export const ssh = defineChange<Params>({
  id: 'ssh',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    if (!(await filesAreThere(files(params), site))) return null
    const settings = await effective(params.user, site)
    const closed =
      settings.get('passwordauthentication') === 'no' &&
      settings.get('kbdinteractiveauthentication') === 'no' &&
      settings.get('permitrootlogin') === 'no'
    return closed ? 'sshd says: no password, no root, key only' : null
  },
  async apply(params, site) {
    await writeFiles(files(params), site)
    if (site.target !== '') return
    await site.attempt(['systemctl', 'reload-or-restart', 'ssh.service'])
    await site.attempt(['systemctl', 'try-reload-or-restart', 'fail2ban.service'])
  },
})
