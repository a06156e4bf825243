import { answersPath } from '../../apply/places.ts'
import { credentialsPath } from '../../credentials.ts'
import { notifyPath } from '../../notify/settings.ts'
import { stackKeysPath } from '../../stack/keys.ts'
import { stackFolder } from '../../stack/folders.ts'
import { tunnelPath, vpnSettingsPath } from '../../vpn/settings.ts'
import { plexAccountPath } from '../../wiring/plex-token.ts'
import { memoryPath } from '../../wiring/memory.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed } from '../finding.ts'

/** Files that hold secrets, and who may own them; those that a machine does not need are not there. */
export const secretFiles = (user: string): readonly { readonly path: string; readonly owners: readonly string[] }[] => [
  ...[
    answersPath,
    credentialsPath,
    stackKeysPath,
    vpnSettingsPath,
    tunnelPath,
    plexAccountPath,
    memoryPath,
    notifyPath,
  ].map(path => ({ path, owners: ['root'] })),
  { path: `${stackFolder(user)}/.env`, owners: ['root', user] },
  ...['ed25519', 'rsa', 'ecdsa'].map(kind => ({ path: `/etc/ssh/ssh_host_${kind}_key`, owners: ['root'] })),
]

/** How stat is asked about them; see stat(1). */
const FORMAT = '--format=%a %U %n'

/** What stat says of files with secrets. Pure. */
export function judgeSecrets(stdout: string, user: string): Finding {
  const files = secretFiles(user)
  const seen = stdout.split('\n').flatMap(row => {
    const [, mode = '', owner = '', path = ''] = /^([0-7]{3,4}) (\S+) (\/.*)$/.exec(row) ?? []
    return path === '' ? [] : [{ mode, owner, path }]
  })
  if (!seen.some(({ path }) => path === answersPath))
    return failed('secrets-unknown', 'Who may read the secrets could not be found out.')
  const open = seen.filter(({ mode }) => !mode.endsWith('00'))
  const foreign = seen.filter(
    ({ path, owner }) => files.find(file => file.path === path)?.owners.includes(owner) !== true,
  )
  const wrong = [...new Set([...open, ...foreign])]
  if (wrong.length > 0) {
    const rows = wrong.map(({ path, mode, owner }) => `${path} (${mode}, of ${owner})`)
    return failed('secret-readable', `Others can read secrets: ${rows.join(', ')}`, rows)
  }
  return passed(`${seen.length} files with secrets can be read by their owner alone.`)
}

async function look({ attempt, answers }: Scene): Promise<Finding> {
  const paths = secretFiles(answers.user).map(({ path }) => path)
  // It fails for those that are not there, and tells of the others nevertheless.
  const { stdout } = await attempt(['stat', FORMAT, ...paths], { quiet: true })
  return judgeSecrets(stdout, answers.user)
}

export const secrets: Check = {
  id: 'security-secrets',
  section: 'security',
  title: 'Secrets are for their owner alone',
  how: 'Looks at the permissions of every file that holds a password, a key or a token.',
  seconds: 10,
  run: look,
}

/** Shuts the files with secrets for everybody but their owner; gives what was done. */
export async function closeSecrets({ attempt, answers }: Scene): Promise<string> {
  const { stdout } = await attempt(['stat', FORMAT, ...secretFiles(answers.user).map(({ path }) => path)], {
    quiet: true,
  })
  const there = secretFiles(answers.user).filter(({ path }) => stdout.split('\n').some(row => row.endsWith(` ${path}`)))
  if (there.length === 0) throw new Error('No file with secrets was found.')
  const shut = await attempt(['chmod', 'go-rwx', ...there.map(({ path }) => path)])
  if (shut.code !== 0) throw new Error(`The permissions could not be changed: ${shut.stderr.trim()}`)
  const roots = there.filter(({ owners }) => owners.length === 1).map(({ path }) => path)
  const given = await attempt(['chown', 'root:root', ...roots])
  if (given.code !== 0) throw new Error(`The owner could not be changed: ${given.stderr.trim()}`)
  return `${there.length} files with secrets can be read by their owner alone now.`
}
