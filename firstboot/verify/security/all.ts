import type { Check } from '../check.ts'
import { fail2ban } from './fail2ban.ts'
import { ports } from './ports.ts'
import { rootLogin } from './root-login.ts'
import { secrets } from './secrets.ts'
import { sshKeys } from './ssh-keys.ts'
import { sshLogin } from './ssh-login.ts'

/** Everything about who gets in. */
export const securityChecks: readonly Check[] = [sshLogin, sshKeys, rootLogin, fail2ban, ports, secrets]
