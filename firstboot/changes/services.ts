import * as z from 'zod/mini'
import { defineChange, type Site } from './change.ts'

// What the live system leaves off and the installed one starts; a base has some under other names.
const WANTED = [
  'ssh.service',
  'fail2ban.service',
  'smartmontools.service',
  'avahi-daemon.service',
  'nftables.service',
  'systemd-networkd.service',
  'systemd-resolved.service',
  'systemd-timesyncd.service',
  'unattended-upgrades.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'fstrim.timer',
  'e2scrub_all.timer',
]

// systemctl(1) reads and writes links below this folder, and talks to no running system.
const rootOption = (site: Site): string[] => (site.target === '' ? [] : [`--root=${site.target}`])

async function state(unit: string, site: Site): Promise<string> {
  const { stdout } = await site.attempt(['systemctl', ...rootOption(site), 'is-enabled', unit])
  return stdout.trim()
}

// Units that a package does not offer to be switched on are started by others.
const isOff = (found: string): boolean => found === 'disabled' || found === 'masked'

/** Chooses what starts by itself. */
export const services = defineChange<object>({
  id: 'services',
  where: 'target',
  parse: params => z.strictObject({}).parse(params),
  async check(_, site) {
    const states = await Promise.all(WANTED.map(unit => state(unit, site)))
    const on = states.filter(found => found.startsWith('enabled')).length
    return states.some(isOff) ? null : `${on} services start with the system`
  },
  async apply(_, site) {
    const off = []
    for (const unit of WANTED) if (isOff(await state(unit, site))) off.push(unit)
    await site.run(['systemctl', ...rootOption(site), 'enable', ...off])
    if (site.target === '') await site.attempt(['systemctl', 'start', '--no-block', ...off])
  },
})
