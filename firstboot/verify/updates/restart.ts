import type { Check } from '../check.ts'
import { passed, warned } from '../finding.ts'

export const restart: Check = {
  id: 'updates-restart',
  section: 'updates',
  title: 'Updates are in force',
  how: 'Looks for the mark that a package leaves when the machine has to be started anew.',
  seconds: 5,
  async run({ root }) {
    if (root.list('/run').length === 0)
      return warned('updates-restart', 'Whether a restart is due could not be found out.')
    if (root.text('/run/reboot-required') === null) return passed('No update waits for a restart.')
    const packages = (root.text('/run/reboot-required.pkgs') ?? '').split('\n').filter(row => row.trim() !== '')
    const by = packages.length === 0 ? '' : ` (${[...new Set(packages)].slice(0, 3).join(', ')})`
    return warned('updates-restart', `Updates wait for a restart${by}; it happens by itself at 04:30.`, packages)
  },
}
