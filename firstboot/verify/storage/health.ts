import { parseSmartctl, smartctlArguments } from '../../probe/smart.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, nothing, passed, warned } from '../finding.ts'

/** A disk with what it says of itself. */
export interface Said {
  readonly path: string
  /** Of smartctl: JSON. Null: the program could not be run. */
  readonly text: string | null
}

// Told without waking a disk that sleeps; it was well when it fell asleep, or it was told then.
const ASLEEP = /device is in \w+ mode/i

/** What disks say of their health. Pure. */
export function judgeHealth(said: readonly Said[]): Finding {
  const unasked = said.filter(({ text }) => text === null).map(({ path }) => path)
  if (unasked.length > 0)
    return warned('disk-health-unknown', `${unasked.join(', ')} could not be asked for their health.`)
  const disks = said.map(({ path, text }) => ({
    path,
    asleep: ASLEEP.test(text ?? ''),
    health: parseSmartctl(text ?? ''),
  }))
  const rows = disks.map(
    ({ path, asleep, health }) => `${path}: ${asleep ? 'asleep, and was not woken' : health.words}`,
  )
  const failing = disks.filter(({ health }) => health.state === 'failing')
  if (failing.length > 0)
    return failed('disk-failing', failing.map(({ path, health }) => `${path}: ${health.words}`).join('; '), rows)
  // Sectors that cannot be read are the commonest sign of a disk that will die soon.
  const unreadable = disks.filter(({ health }) => /cannot be read|could not be read/.test(health.words))
  if (unreadable.length > 0)
    return warned('disk-wearing', unreadable.map(({ path, health }) => `${path}: ${health.words}`).join('; '), rows)
  const good = disks.filter(({ health, asleep }) => health.state === 'good' || asleep)
  if (good.length === 0)
    return nothing('No disk here tells of its health: they are virtual, or behind an adapter that keeps it.')
  return passed(rows.join('; '))
}

// Of lsblk: the disks that are no memory, no loop and no stick.
const DISKS = ['lsblk', '--nodeps', '--noheadings', '--output', 'PATH,TYPE,RM,TRAN'] as const

/** The disks in what lsblk prints. Pure. */
export const disksIn = (output: string): string[] =>
  output.split('\n').flatMap(row => {
    const [path = '', type, removable, transport] = row.trim().split(/\s+/)
    if (type !== 'disk' || removable === '1' || /^\/dev\/(zram|ram|loop|nbd|mmcblk)/.test(path)) return []
    // A film disk may be behind USB; a stick says that it is removable.
    return path.startsWith('/dev/') && transport !== 'iscsi' ? [path] : []
  })

async function look({ attempt }: Scene): Promise<Finding> {
  const listed = await attempt(DISKS, { quiet: true })
  const disks = disksIn(listed.stdout)
  if (listed.code !== 0 || disks.length === 0)
    return warned('disk-health-unknown', 'The disks could not be listed, so none was asked for its health.')
  const said = await Promise.all(
    disks.map(async (path): Promise<Said> => {
      const lines: string[] = []
      const argv = ['smartctl', '--nocheck=standby,0', ...smartctlArguments(path)] as const
      const { code } = await attempt(argv, { quiet: true, onLine: line => void lines.push(line) })
      return { path, text: code === null ? null : lines.join('\n') }
    }),
  )
  return judgeHealth(said)
}

export const health: Check = {
  id: 'storage-health',
  section: 'storage',
  title: 'Disks are healthy',
  how: 'Asks every disk what it has counted of its own faults (SMART). A disk that sleeps is not woken.',
  seconds: 30,
  run: look,
}
