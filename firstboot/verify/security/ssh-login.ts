import type { Ended } from '../../run.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import { offeredMethods, parseSshd } from './parse-sshd.ts'

/** What sshd would do at its next start, by its own words. `user` is the one that may log in. */
export const sshdSettings = async ({ attempt, once, answers }: Scene): Promise<Ended> =>
  await once('sshd settings', async () => {
    // sshd wants its empty folder, which is there only while it runs.
    const ask = 'mkdir -p /run/sshd && exec sshd -T -C "user=$1,host=localhost,addr=127.0.0.1"'
    return await attempt(['sh', '-c', ask, 'sh', answers.user], { quiet: true })
  })

/** Answers of the running server, which may be older than its files: `none` as a way in makes it tell all that it offers. */
const askServer = (user: string, port: string): [string, ...string[]] => [
  'ssh',
  '-F',
  'none',
  '-o',
  'BatchMode=yes',
  '-o',
  'PreferredAuthentications=none',
  '-o',
  'StrictHostKeyChecking=no',
  '-o',
  'UserKnownHostsFile=/dev/null',
  '-o',
  'ConnectTimeout=8',
  '-p',
  port,
  `${user}@127.0.0.1`,
  'true',
]

const CLOSED = ['passwordauthentication', 'kbdinteractiveauthentication', 'permitemptypasswords'] as const

// Not every base has the program ssh. Then it counts that sshd, which writes this file when it reads its settings, has read
// them as they are.
const CHANGED_SINCE = ['find', '/etc/ssh/sshd_config', '/etc/ssh/sshd_config.d', '-newer', '/run/sshd.pid'] as const

/**
 * Whether a key is the only way in, by the settings and by the server itself; `changed` are the settings that are newer than
 * the server, where there was no program to ask it. Pure.
 */
export function judgeLogin(settings: Ended, server: Ended, changed: Ended | null = null): Finding {
  if (settings.code !== 0) return failed('ssh-broken', `sshd does not take its settings: ${firstLine(settings.stderr)}`)
  const said = parseSshd(settings.stdout)
  const open = CLOSED.filter(name => said.get(name)?.[0] !== 'no')
  if (open.length > 0)
    return failed('ssh-password', `The settings of sshd let in who knows a password (${open.join(', ')}).`)
  if (server.code === null && changed?.code === 0 && changed.stdout.trim() === '')
    return passed('The settings of sshd take keys only, and it has read them as they are.')
  const methods = offeredMethods(server.stderr)
  if (server.code === 0) return failed('ssh-password', 'sshd lets in without asking for anything.')
  if (methods === null) {
    if (/refused|timed out|no route/i.test(server.stderr))
      return failed('ssh-off', `Nobody can log in: sshd does not answer (${firstLine(server.stderr)}).`)
    return warned(
      'ssh-unknown',
      `The settings are right, but the running sshd could not be asked: ${firstLine(server.stderr)}`,
    )
  }
  const wrong = methods.filter(method => method !== 'publickey')
  if (wrong.length > 0)
    return failed('ssh-password', `The running sshd offers ${wrong.join(', ')}, although its settings do not.`)
  return passed('The running sshd takes keys only, and so do its settings: no password, no questions.')
}

const firstLine = (text: string): string =>
  text
    .split('\n')
    .find(line => line.trim() !== '')
    ?.trim() ?? 'no reason given'

export const sshLogin: Check = {
  id: 'security-ssh-password',
  section: 'security',
  title: 'No login with a password',
  how: 'Asks sshd for its effective settings (sshd -T), and the running server for every way in that it offers.',
  seconds: 25,
  async run(scene) {
    const settings = await sshdSettings(scene)
    const port = parseSshd(settings.stdout).get('port')?.[0] ?? '22'
    const server = await scene.attempt(askServer(scene.answers.user, port), { quiet: true })
    const changed = server.code === null ? await scene.attempt(CHANGED_SINCE, { quiet: true }) : null
    return judgeLogin(settings, server, changed)
  },
}
