import { parseMountinfo } from '../../status/data-disk.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { passed, warned } from '../finding.ts'
import { filmPlaces } from './films.ts'

const ERRORS =
  'I/O error|EXT4-fs error|EXT4-fs warning .*error|XFS .*(corruption|error)|BTRFS error|critical medium error'

/** The lines of the kernel that tell of errors of some devices, as in `sda1`. Pure. */
export function errorsOf(log: string, devices: readonly string[]): string[] {
  if (devices.length === 0) return []
  // A partition's errors are told of its disk: sda of sda1, nvme0n1 of nvme0n1p2.
  const names = devices.flatMap(name => [name, name.replace(/p?\d+$/, '')]).filter(name => name !== '')
  const named = new RegExp(`(?<![A-Za-z0-9])(${[...new Set(names)].join('|')})(?![A-Za-z0-9])`)
  return log.split('\n').filter(row => new RegExp(ERRORS, 'i').test(row) && named.test(row))
}

async function look({ root, attempt }: Scene): Promise<Finding> {
  const points = ['/', '/state', ...filmPlaces(root).mountpoints]
  const devices = parseMountinfo(root.text('/proc/self/mountinfo') ?? '')
    .filter(({ point, source }) => points.includes(point) && /^\/dev\/[a-z0-9]+$/.test(source))
    .map(({ source }) => source.slice('/dev/'.length))
  if (devices.length === 0) return warned('disk-errors-unknown', 'Which disks are in use could not be found out.')
  const asked = ['journalctl', '--dmesg', '--boot', '--since=-1h', '--no-pager', '--output=short-iso'] as const
  const lines: string[] = []
  const { code, stderr } = await attempt(asked, { quiet: true, onLine: line => void lines.push(line) })
  if (code !== 0) return warned('disk-errors-unknown', `The kernel's log could not be read: ${stderr.trim()}`)
  const errors = errorsOf(lines.join('\n'), devices)
  if (errors.length === 0)
    return passed(`The kernel tells of no error of ${[...new Set(devices)].join(', ')} in the last hour.`)
  const words = `The kernel tells of ${errors.length} errors of disks in the last hour, at last: ${errors.at(-1)}`
  return warned('disk-errors', words, errors.slice(-10))
}

export const errors: Check = {
  id: 'storage-errors',
  section: 'storage',
  title: 'No disk makes errors',
  how: 'Looks through what the kernel has said in the last hour about the disks that are in use.',
  seconds: 20,
  run: look,
}
