import { readFile } from 'node:fs/promises'
import { deadlineFactor, pollUntil } from '../../builder/qemu/deadlines.ts'
import type { Machine } from '../../builder/qemu/machine.ts'
import { type ApplyEvent, eventsPath } from '../../firstboot/apply/events.ts'

// systemd takes whole units from credentials, see systemd-debug-generator(8), and a hypervisor hands credentials over by
// SMBIOS: so the image stays as it ships, and its guest says aloud what it would otherwise only write into its memory.
const UNIT = `[Unit]
Description=What the set-up says, on the serial port
DefaultDependencies=no
[Service]
ExecStart=/bin/sh -c "exec tail -n +1 -F ${eventsPath} 2>/dev/null >/dev/ttyS0"
`

/** Credentials that make the live system say every event of a set-up on its first serial port, as soon as it is told. */
export const telling: Readonly<Record<string, string>> = {
  'systemd.extra-unit.tell-events.service': UNIT,
  'systemd.unit-dropin.sysinit.target': '[Unit]\nWants=tell-events.service\n',
}

/** The events in the log of a serial port; a line that is still being written is left out. */
export async function toldEvents(serialLog: string): Promise<ApplyEvent[]> {
  const text = await readFile(serialLog, 'utf8').catch(() => '')
  return text.split('\n').flatMap(line => {
    try {
      const value: unknown = JSON.parse(line)
      return typeof value === 'object' && value !== null && 'type' in value ? [value as ApplyEvent] : []
    } catch {
      return []
    }
  })
}

/**
 * Waits until a set-up has told something; throws when it has failed, unless failures before are to be expected, or says
 * nothing of that kind in time. What is on the screen may be enough as well.
 */
export async function waitUntilTold(
  machine: Machine,
  serialLog: string,
  wanted: (event: ApplyEvent) => boolean,
  seconds: number,
  { mayHaveFailed = false, orSeen }: { mayHaveFailed?: boolean; orSeen?: RegExp } = {},
): Promise<void> {
  const found = await pollUntil(
    seconds * 1000 * deadlineFactor(machine.accel),
    async () => {
      const events = await toldEvents(serialLog)
      const failed = events.find(event => event.type === 'failed')
      if (failed !== undefined && !mayHaveFailed) throw new Error(`The set-up failed: ${JSON.stringify(failed)}`)
      return events.some(wanted) || orSeen?.test(machine.screenText()) || undefined
    },
    50,
  )
  if (found === undefined)
    throw new Error(`The set-up did not come that far. The screen shows:\n${machine.screenText()}`)
}

/** How many seconds each change took, by the clock of the guest, in the order in which they ended. */
export function changeSeconds(events: readonly ApplyEvent[]): [id: string, seconds: number][] {
  const began = new Map(events.flatMap(event => (event.type === 'started' ? [[event.id, event.at] as const] : [])))
  return events.flatMap(event =>
    event.type === 'done' ? [[event.id, (event.at - (began.get(event.id) ?? event.at)) / 1000]] : [],
  )
}
