import { readSshKey } from '../../answers/rules/ssh-key.ts'
import type { Check } from '../check.ts'
import { failed, passed } from '../finding.ts'

/** How many lines of an authorized_keys(5) are keys. Pure. */
export const keysIn = (text: string): number =>
  text.split('\n').filter(line => line.trim() !== '' && !line.startsWith('#') && 'key' in readSshKey(line.trim()))
    .length

export const sshKeys: Check = {
  id: 'security-ssh-key',
  section: 'security',
  title: 'Your key opens the machine',
  how: 'Looks for a key that sshd accepts for your account.',
  seconds: 10,
  async run({ root, answers }) {
    const path = `/etc/ssh/authorized_keys.d/${answers.user}`
    const count = keysIn(root.text(path) ?? '') + keysIn(root.text(`/home/${answers.user}/.ssh/authorized_keys`) ?? '')
    if (count === 0) return failed('ssh-no-key', `There is no key for ${answers.user}, so nobody can log in over SSH.`)
    return passed(`${count} ${count === 1 ? 'key opens' : 'keys open'} the account ${answers.user}.`)
  },
}
