import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import { filmPlaces } from './films.ts'

/**
 * Runs a program where the film disks are not mounted: in a view of its own, that nobody else sees and that ends with it.
 * `$1` and on are their mountpoints.
 */
export const withoutFilms = (script: string, mountpoints: readonly string[]): [string, ...string[]] => [
  'unshare',
  '--mount',
  '--propagation',
  'private',
  'sh',
  '-c',
  `for place; do while umount --lazy --recursive "$place" 2>/dev/null; do :; done; done; ${script}`,
  'sh',
  ...mountpoints,
]

/** Prints the flags of each empty mountpoint, and how many entries it has. */
const LOOK = 'for place; do lsattr -d -- "$place" && echo "entries $(ls -A -- "$place" | wc -l)"; done'

/** What is seen below the film disks. Pure. */
export function judgeMountpoints(output: string, mountpoints: readonly string[]): Finding {
  const rows = output.split('\n').filter(row => row.trim() !== '')
  for (const place of mountpoints) {
    const at = rows.findIndex(row => new RegExp(`^[A-Za-z-]{8,} +${place}$`).test(row))
    const entries = /^entries (\d+)$/.exec(rows[at + 1] ?? '')?.[1]
    if (at === -1 || entries === undefined)
      return failed('mountpoint-open', `The folder below ${place} could not be looked at.`, rows)
    if (!/^[A-Za-z-]*i/.test(rows[at]?.split(' ')[0] ?? ''))
      return failed(
        'mountpoint-open',
        `Without its disk, ${place} could be written to: the system disk would fill up.`,
        rows,
      )
    if (entries !== '0')
      return warned(
        'mountpoint-not-empty',
        `Below the film disk, ${place} holds ${entries} entries on the system disk.`,
      )
  }
  return passed(`Without its disk, nothing can be written to ${mountpoints.join(' or ')}, and nothing lies there.`)
}

async function look({ root, attempt }: Scene): Promise<Finding> {
  const { mountpoints } = filmPlaces(root)
  const { stdout, stderr } = await attempt(withoutFilms(LOOK, mountpoints), { quiet: true })
  return judgeMountpoints(stdout || stderr, mountpoints)
}

export const mountpoint: Check = {
  id: 'storage-mountpoint',
  section: 'storage',
  title: 'No film lands on the system disk',
  how: 'Looks below the film disk: the folder that it is mounted on must be empty and immutable (lsattr).',
  seconds: 15,
  run: look,
}

/** Makes the empty folders immutable again; gives what was done. */
export async function closeMountpoints({ root, attempt }: Scene): Promise<string> {
  const { mountpoints } = filmPlaces(root)
  const { code, stderr } = await attempt(withoutFilms('chattr +i -- "$@"', mountpoints))
  if (code !== 0) throw new Error(`The folder could not be made immutable: ${stderr.trim()}`)
  return `${mountpoints.join(' and ')} can be written to only while the film disk is there.`
}
