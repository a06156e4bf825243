import { readFile, stat } from 'node:fs/promises'
import * as z from 'zod/mini'
import { ChangeFailure } from '../apply/failure.ts'
import { makePassword } from '../made-up.ts'
import { defineChange, type Site } from './change.ts'
import { keepCredentials, readCredentials } from './kept-credentials.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'
import { removeStaleLocks } from './user-locks.ts'

const Params = z.object({ user: z.string(), sshKeys: z.array(z.string()) })
type Params = z.infer<typeof Params>

/** The user's number, and that of the user's group; the containers run as it. */
export const USER_ID = 1000

// Groups that a base does not have are left out.
const GROUPS = ['sudo', 'adm', 'docker', 'video', 'render', 'systemd-journal']

const files = ({ user, sshKeys }: Params): OwnFile[] => [
  // Keys that the user adds at home are apart from these, and stay when answers are applied again.
  { path: `/etc/ssh/authorized_keys.d/${user}`, text: `${sshKeys.join('\n')}\n` },
  // There is no password to type over SSH; who holds the key owns the machine.
  { path: '/etc/sudoers.d/mediaserver', text: `${user} ALL=(ALL:ALL) NOPASSWD: ALL\n`, mode: 0o440 },
]

async function entries(file: string, site: Site): Promise<string[][]> {
  const text = await readFile(site.path(file), 'utf8')
  return text.split('\n').map(line => line.split(':'))
}

async function hasUser(user: string, site: Site): Promise<boolean> {
  const found = (await entries('/etc/passwd', site)).find(fields => fields[2] === String(USER_ID))
  if (found === undefined) return false
  if (found[0] === user) return true
  throw new ChangeFailure(
    `This machine has the user ${found[0]} already; a user cannot be renamed to ${user} afterwards.`,
    `Answer ${found[0]} as the name of the user.`,
  )
}

// useradd puts its files in place one after the other, and that of users first: a power cut may have left no group.
const hasGroup = async (site: Site): Promise<boolean> =>
  (await entries('/etc/group', site)).some(fields => fields[2] === String(USER_ID))

// The entry of a user is safe on the disk before the home is.
const hasHome = async (user: string, site: Site): Promise<boolean> =>
  (await stat(site.path(`/home/${user}`)).catch(() => null))?.uid === USER_ID

/** Makes the one user, who comes in by key; a made-up password serves the console only. */
export const user = defineChange<Params>({
  id: 'user',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    const done =
      (await hasUser(params.user, site)) &&
      (await hasGroup(site)) &&
      (await hasHome(params.user, site)) &&
      (await filesAreThere(files(params), site)) &&
      (await readCredentials(site))['console']?.user === params.user
    return done ? `${params.user}, with ${params.sshKeys.length} SSH key` : null
  },
  async apply(params, site) {
    const name = params.user
    await removeStaleLocks(site)
    const known = new Set((await entries('/etc/group', site)).map(([group]) => group))
    const groups = GROUPS.filter(group => known.has(group)).join(',')
    if (!(await hasUser(name, site))) {
      const options = ['--uid', String(USER_ID), '--user-group', '--create-home', '--shell', '/bin/bash']
      await site.runInside(['useradd', ...options, '--groups', groups, name])
    } else if (!(await hasGroup(site))) {
      await site.runInside(['groupadd', '--gid', String(USER_ID), name])
      await site.runInside(['usermod', '--gid', String(USER_ID), '--append', '--groups', groups, name])
    }
    if (!(await hasHome(name, site))) {
      await site.runInside(['mkhomedir_helper', name])
      await site.run(['chown', '--recursive', `${USER_ID}:${USER_ID}`, site.path(`/home/${name}`)])
    }
    await writeFiles(files(params), site)
    const credentials = await readCredentials(site)
    if (credentials['console']?.user === name) return
    const password = makePassword()
    // On standard input: a list of processes shows arguments to everybody.
    await site.runInside(['chpasswd'], { input: `${name}:${password}\n` })
    await keepCredentials({ console: { user: name, password } }, site)
  },
})
