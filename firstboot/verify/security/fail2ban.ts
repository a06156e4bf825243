import type { Ended } from '../../run.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed } from '../finding.ts'

/** What fail2ban says of its jail for sshd. Pure. */
export function judgeJail({ code, stdout, stderr }: Ended): Finding {
  if (code === null) return failed('fail2ban-off', 'fail2ban could not be asked: the program does not run.')
  if (code !== 0) {
    const why =
      (stderr || stdout)
        .split('\n')
        .find(line => line.trim() !== '')
        ?.trim() ?? 'no reason given'
    return failed('fail2ban-off', `fail2ban does not watch SSH: ${why}`)
  }
  const count = (name: string) => new RegExp(`${name}:\\s*(\\d+)`).exec(stdout)?.[1]
  const [now, ever, tried] = [count('Currently banned'), count('Total banned'), count('Total failed')]
  if (now === undefined || ever === undefined || tried === undefined)
    return failed('fail2ban-off', 'fail2ban answers something that makes no sense, so nothing is proven.')
  return passed(
    `fail2ban watches SSH: ${tried} failed attempts, ${now} addresses shut out now, ${ever} since its start.`,
  )
}

export const fail2ban: Check = {
  id: 'security-fail2ban',
  section: 'security',
  title: 'Who guesses is shut out',
  how: 'Asks fail2ban for its jail of sshd.',
  seconds: 15,
  run: async ({ attempt }: Scene) => judgeJail(await attempt(['fail2ban-client', 'status', 'sshd'], { quiet: true })),
}
