/** How a service does, in one word. */
export type ServiceState = 'running' | 'starting' | 'failed' | 'off'

/** One service of the installed system. */
export interface Service {
  readonly name: string
  readonly state: ServiceState
  /** What a person types to see why it has failed. */
  readonly look: string
}

/**
 * The services that a person may ask about, by what they do, each with its units: it runs when one of them is active.
 * Ubuntu starts sshd by its socket, so there the service sleeps until somebody comes.
 */
export const serviceTable: readonly { readonly name: string; readonly units: readonly [string, ...string[]] }[] = [
  { name: 'Plex', units: ['plexmediaserver.service'] },
  { name: 'Docker', units: ['docker.service'] },
  { name: 'SSH', units: ['ssh.service', 'ssh.socket'] },
  { name: 'Lock against guessing', units: ['fail2ban.service'] },
  { name: 'Disk health', units: ['smartmontools.service'] },
  { name: 'Security updates', units: ['unattended-upgrades.service'] },
  { name: 'Clock', units: ['systemd-timesyncd.service'] },
  { name: 'Name on the network', units: ['avahi-daemon.service'] },
]

/** What systemctl is asked: all units at once, and only what is used. */
export const systemctlArguments = [
  'show',
  '--property=LoadState,ActiveState,SubState',
  ...serviceTable.flatMap(service => service.units),
] as const

/** The states from the text of `systemctl show`: one block for each unit, in the order in which they were asked for. */
export function parseServices(output: string): Service[] {
  const blocks = output.trim().split(/\n\s*\n/)
  let next = 0
  return serviceTable.flatMap(({ name, units }): Service[] => {
    const states = units.map(() => stateOf(blocks[next++] ?? '')).filter(state => state !== null)
    const state = order.find(wanted => states.includes(wanted))
    return state === undefined ? [] : [{ name, state, look: `journalctl -u ${units[0]}` }]
  })
}

// What is true of a service when its units disagree.
const order: readonly ServiceState[] = ['failed', 'running', 'starting', 'off']

/** Null for a unit that is not installed. */
function stateOf(block: string): ServiceState | null {
  const value = (property: string) => new RegExp(`^${property}=(.*)$`, 'm').exec(block)?.[1] ?? ''
  if (value('LoadState') === '' || value('LoadState') === 'not-found') return null
  switch (value('ActiveState')) {
    case 'active':
    case 'reloading':
    case 'refreshing':
      return 'running'
    case 'activating':
      // Between two attempts it is "activating" too; that is no start that goes well.
      return value('SubState') === 'auto-restart' ? 'failed' : 'starting'
    case 'failed':
      return 'failed'
    default:
      return 'off'
  }
}
