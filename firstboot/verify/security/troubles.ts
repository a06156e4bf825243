import type { Scene } from '../check.ts'
import type { Trouble } from '../trouble.ts'
import { closeSecrets } from './secrets.ts'

const AGAIN = 'See whether it is well: "sudo mediaserver verify security".'
const APPLY = 'Bring it back to what your answers say: "sudo mediaserver apply".'

const OVERRIDE = 'Look into compose.override.yaml in the folder "mediaserver" for "ports", and take them out.'

async function restartFail2ban({ attempt }: Scene): Promise<string> {
  const enabled = await attempt(['systemctl', 'enable', 'fail2ban.service'])
  const { code, stderr } = enabled.code === 0 ? await attempt(['systemctl', 'restart', 'fail2ban.service']) : enabled
  if (code !== 0) throw new Error(`fail2ban does not start: ${stderr.trim().split('\n')[0] ?? ''}`)
  return 'fail2ban was started again.'
}

async function startSsh({ attempt }: Scene): Promise<string> {
  const { code, stderr } = await attempt(['systemctl', 'restart', 'ssh.service'])
  if (code !== 0) throw new Error(`sshd does not start: ${stderr.trim().split('\n')[0] ?? ''}`)
  return 'sshd was started again.'
}

/** Everything that can be wrong about who gets in. */
export const securityTroubles: readonly Trouble[] = [
  {
    id: 'ssh-password',
    symptom: 'Anybody who guesses a password gets in over SSH',
    cause:
      'A file in /etc/ssh/sshd_config.d, or sshd_config itself, allows passwords; the first value that is read wins.',
    mend: [
      'Find it: "sudo grep -rniE \'(PasswordAuthentication|KbdInteractiveAuthentication) +yes\' /etc/ssh".',
      'Take the line out, then: "sudo systemctl restart ssh".',
      APPLY,
      AGAIN,
    ],
  },
  {
    id: 'ssh-broken',
    symptom: 'Nobody gets in over SSH after the next start',
    cause: 'There is a mistake in the settings of sshd.',
    mend: ['See where: "sudo sshd -t".', 'Take the line out, then: "sudo systemctl restart ssh".', AGAIN],
  },
  {
    id: 'ssh-off',
    symptom: 'Nobody gets in over SSH',
    cause: 'sshd does not run, or does not answer.',
    mend: ['Start it: "sudo systemctl restart ssh".', 'If that fails, see why: "journalctl -b -u ssh".', AGAIN],
    remedy: startSsh,
  },
  {
    id: 'ssh-unknown',
    symptom: 'It is not known how one gets in over SSH',
    cause: 'sshd was asked very often in a short time, or gives answers that are not known here.',
    mend: ['Wait a minute, then try again: "sudo mediaserver verify security".'],
  },
  {
    id: 'ssh-no-key',
    symptom: 'Your key does not open the machine any more',
    cause: 'The file with your keys is empty or gone.',
    mend: ['At the machine itself, log in with the password of the console.', APPLY, AGAIN],
  },
  {
    id: 'ssh-root',
    symptom: 'Root can log in over SSH',
    cause: 'A file in /etc/ssh/sshd_config.d, or sshd_config itself, says so; the first value that is read wins.',
    mend: [
      'Find it: "sudo grep -rni PermitRootLogin /etc/ssh".',
      'Take the line out, then: "sudo systemctl restart ssh".',
      APPLY,
      AGAIN,
    ],
  },
  {
    id: 'root-password',
    symptom: 'Who guesses the password of root owns the machine',
    cause: 'Somebody has given root a password.',
    mend: ['Lock the account, "sudo" works without it: "sudo passwd --lock root".', AGAIN],
  },
  {
    id: 'second-root',
    symptom: 'Another account may do all that root may',
    cause: 'Somebody has made an account with the number 0, which no program here does.',
    mend: [
      'Unless it was you, take it for a break-in: pull out the network cable, and set the machine up again.',
      'If it was you: "sudo userdel NAME".',
    ],
  },
  {
    id: 'fail2ban-off',
    symptom: 'Who guesses passwords or keys can go on for ever',
    cause: 'fail2ban does not run, or does not watch SSH.',
    mend: [
      'Start it: "sudo systemctl restart fail2ban".',
      'If that fails, see why: "journalctl -b -u fail2ban".',
      APPLY,
      AGAIN,
    ],
    remedy: restartFail2ban,
  },
  {
    id: 'secret-readable',
    symptom: 'Other users and programs of this machine can read passwords and keys',
    cause: 'The permissions of a file were changed, or it was copied.',
    mend: ['Shut it: "sudo mediaserver doctor secret-readable".', AGAIN],
    remedy: closeSecrets,
  },
  {
    id: 'secrets-unknown',
    symptom: 'It is not known who can read passwords and keys',
    cause: 'The files that hold them are not where they should be.',
    mend: [APPLY, AGAIN],
  },
  {
    id: 'port-published',
    symptom: 'A service can be reached from outside in a way that it should not be',
    cause:
      'A container opens a port that the set-up does not open: its compose file was changed, or it was started by hand.',
    mend: [
      OVERRIDE,
      APPLY,
      'A container that was started by hand: "sudo docker stop NAME"; the finding names it.',
      AGAIN,
    ],
  },
  {
    id: 'port-exposed',
    symptom: 'Anybody on the network can reach what is meant for this machine alone',
    cause: 'A port that belongs on 127.0.0.1 is open on every address: the compose file was changed.',
    mend: [OVERRIDE, APPLY, 'From elsewhere, go through SSH: "ssh -L 8080:127.0.0.1:8080 USER@HOST".', AGAIN],
  },
  {
    id: 'port-unexpected',
    symptom: 'Something can be reached from outside that this set-up has not opened',
    cause: 'A program that was installed later waits for others.',
    mend: [
      'See its number (pid=): "sudo ss -tulpn". If you want it, all is well.',
      'Else see what has started it: "sudo systemctl status NUMBER", and stop that: "sudo systemctl stop NAME".',
      'So that it stays off at the next start: "sudo systemctl disable NAME".',
      'A container: "sudo docker stop NAME"; the finding names it.',
      AGAIN,
    ],
  },
  {
    id: 'ports-unknown',
    symptom: 'It is not known which ports are open',
    cause: 'The program that lists them (ss) does not run.',
    mend: ['Try it by hand: "sudo ss -tulpn".', 'If it is missing: "sudo apt install iproute2".', AGAIN],
  },
]
