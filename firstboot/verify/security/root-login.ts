import type { Check, Finding } from '../check.ts'
import { failed, passed } from '../finding.ts'
import { parseSshd } from './parse-sshd.ts'
import { sshdSettings } from './ssh-login.ts'

/** Whether root is shut out, over the network and by a password. Pure; the texts are of `sshd -T`, shadow(5) and passwd(5). */
export function judgeRoot(sshd: string, shadow: string | null, passwd: string | null): Finding {
  const permitted = parseSshd(sshd).get('permitrootlogin')?.[0]
  if (permitted === undefined) return failed('ssh-root', 'sshd does not say whether root may log in.')
  if (permitted !== 'no') return failed('ssh-root', `sshd lets root in (PermitRootLogin ${permitted}).`)
  const others = (passwd ?? '').split('\n').flatMap(line => {
    const [name = '', , uid] = line.split(':')
    return uid === '0' && name !== 'root' ? [name] : []
  })
  if (others.length > 0) return failed('second-root', `${others.join(', ')} may do all that root may.`)
  const password = /^root:([^:]*):/m.exec(shadow ?? '')?.[1]
  if (password === undefined) return failed('ssh-root', 'Whether root has a password could not be found out.')
  if (password === '') return failed('root-password', 'root needs no password at all.')
  // Neither begins what crypt(5) makes: such an account is locked.
  if (!/^[!*]/.test(password)) return failed('root-password', 'root has a password, which the set-up did not give it.')
  return passed('root is locked: no login over SSH, and no password.')
}

export const rootLogin: Check = {
  id: 'security-root',
  section: 'security',
  title: 'Root cannot log in',
  how: 'Asks sshd for its effective settings, and looks whether root or another account has its rights and a password.',
  seconds: 15,
  run: async scene => {
    const { stdout } = await sshdSettings(scene)
    return judgeRoot(stdout, scene.root.text('/etc/shadow'), scene.root.text('/etc/passwd'))
  },
}
