import { parseMountinfo } from '../../status/data-disk.ts'
import { ageWords } from '../age.ts'
import type { Finding, Scene } from '../check.ts'
import { passed } from '../finding.ts'
import { filmPlaces } from './films.ts'
import { parseVerification, verificationPath } from '../verification.ts'

const MARK = 'seen at '
const day = 86_400_000

/**
 * Spares a disk that sleeps: what was found well on it holds for a day. Everything else, and what a disk that is awake
 * says, is found out by `look`.
 */
export async function unlessAsleep(id: string, scene: Scene, look: () => Promise<Finding>): Promise<Finding> {
  const now = scene.now()
  const last = lastSeen(scene.root.text(verificationPath), id)
  if (last !== null && last <= now && now - last < day && (await isAsleep(scene)))
    return passed(`The disk sleeps and was not woken; it was well ${ageWords(last, now)}.`, [markOf(last)])
  const found = await look()
  return found.verdict === 'pass' ? passed(found.words, [...(found.detail ?? []), markOf(now)]) : found
}

const markOf = (at: number): string => `${MARK}${new Date(at).toISOString()}`

/** When something was found well by looking at it, by the text of the last verification, in Unix milliseconds. Pure. */
export function lastSeen(verification: string | null, id: string): number | null {
  const result = parseVerification(verification)?.results.find(each => each.id === id)
  const mark = result?.verdict === 'pass' ? result.detail.findLast(row => row.startsWith(MARK)) : undefined
  const at = mark === undefined ? Number.NaN : Date.parse(mark.slice(MARK.length))
  return Number.isNaN(at) ? null : at
}

/** The whole disks in what lsblk prints of a device and all that it lies on. Pure. */
const disksBelow = (output: string): string[] =>
  output.split('\n').flatMap(row => {
    const [path = '', type] = row.trim().split(/\s+/)
    return type === 'disk' ? [path] : []
  })

/**
 * Whether a disk below the films is in standby, as smartctl(8) says without waking it. Whole disks are asked: of a partition
 * nobody knows through which USB adapter to speak to it.
 */
const isAsleep = async ({ root, attempt, once }: Scene): Promise<boolean> =>
  await once('film disk asleep', async () => {
    const mounts = parseMountinfo(root.text('/proc/self/mountinfo') ?? '')
    const sources = filmPlaces(root).mountpoints.flatMap(place => {
      const mount = mounts.findLast(({ point, fileSystem }) => point === place && fileSystem !== 'autofs')
      return mount?.source.startsWith('/dev/') === true ? [mount.source] : []
    })
    for (const source of sources) {
      const list = ['lsblk', '--inverse', '--noheadings', '--list', '--paths', '--output', 'PATH,TYPE', source] as const
      const disks = disksBelow((await attempt(list, { quiet: true })).stdout)
      for (const disk of disks.length === 0 ? [source] : new Set(disks)) {
        const { stdout } = await attempt(['smartctl', '--nocheck=standby,0', '--info', disk], { quiet: true })
        if (/device is in (standby|sleep)\w* mode/i.test(stdout)) return true
      }
    }
    return false
  })
