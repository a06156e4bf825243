/** What the kernel counts for one program at one graphics device, see Documentation/gpu/drm-usage-stats.rst. */
export interface Client {
  readonly driver: string
  /** The device's place on the PCI bus, as in `0000:00:02.0`. */
  readonly device: string
  readonly id: string
  /** How long the video engines worked for it: in nanoseconds for i915, in ticks for xe. Null: not counted here. */
  readonly video: { readonly unit: 'ns' | 'ticks'; readonly busy: number; readonly total: number | null } | null
}

/** Reads a file of `/proc/PID/fdinfo`; null for what is no graphics device. */
export function parseFdinfo(text: string): Client | null {
  const value = (key: string) => new RegExp(`^${key}:[ \\t]*(\\S+)`, 'm').exec(text)?.[1]
  const count = (key: string, unit: string) => {
    const digits = new RegExp(`^${key}:[ \\t]*(\\d{1,18})${unit}[ \\t]*$`, 'm').exec(text)?.[1]
    return digits === undefined ? null : Number(digits)
  }
  const driver = value('drm-driver')
  const device = value('drm-pdev')
  const id = value('drm-client-id')
  if (driver === undefined || device === undefined || id === undefined) return null
  const ns = count('drm-engine-video', ' ns')
  const ticks = count('drm-cycles-vcs', '')
  const video =
    ns !== null
      ? ({ unit: 'ns', busy: ns, total: null } as const)
      : ticks !== null
        ? ({ unit: 'ticks', busy: ticks, total: count('drm-total-cycles-vcs', '') } as const)
        : null
  return { driver, device, id, video }
}

/** What was seen of a program while it ran: the last look at each of its clients, and how often one looked. */
export interface Usage {
  readonly looks: number
  readonly clients: readonly Client[]
}

/** Nothing was seen yet. */
export const noUsage: Usage = { looks: 0, clients: [] }

/** Adds a look. One client may be open several times, and is told each time. */
export function addLook(usage: Usage, seen: readonly Client[]): Usage {
  const clients = new Map(usage.clients.map(client => [`${client.device} ${client.id}`, client]))
  for (const client of seen) clients.set(`${client.device} ${client.id}`, client)
  return { looks: usage.looks + 1, clients: [...clients.values()] }
}
