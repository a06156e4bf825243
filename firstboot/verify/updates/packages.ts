import type { Ended } from '../../run.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed } from '../finding.ts'

/** What `dpkg --audit` says; nothing is well. Pure. */
export function judgePackages({ code, stdout, stderr }: Ended): Finding {
  const rows = stdout.split('\n').filter(row => row.trim() !== '')
  if (code === null) return failed('packages-broken', 'dpkg could not be run.')
  if (rows.length > 0)
    return failed('packages-broken', `dpkg finds packages that are half installed: ${rows[0]}`, rows.slice(0, 20))
  if (code !== 0)
    return failed('packages-broken', `dpkg cannot read what is installed: ${stderr.trim() || `code ${code}`}`)
  return passed('Every package is installed completely.')
}

export const packages: Check = {
  id: 'updates-packages',
  section: 'updates',
  title: 'No update stopped half way',
  how: 'Asks dpkg for packages that are installed only in part.',
  seconds: 30,
  run: async ({ attempt }: Scene) => judgePackages(await attempt(['dpkg', '--audit'], { quiet: true })),
}

/** Goes on with what was stopped; gives what was done. */
export async function goOn({ attempt }: Scene): Promise<string> {
  const { code, stderr } = await attempt([
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'dpkg',
    '--configure',
    '--pending',
    '--force-confold',
  ])
  if (code !== 0) throw new Error(`dpkg could not go on: ${stderr.trim().split('\n').at(-1) ?? ''}`)
  return 'The packages that were half installed are installed now.'
}
