import { parsePlexUser } from '../../plex/install.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, nothing, passed, warned } from './sentence.ts'
import { asPlex, videoMachine } from './machine.ts'

/** Layer 3. */
export const permission: Check = {
  id: 'video-permission',
  section: 'hardware video',
  title: 'Plex may use the graphics',
  how: 'Opens the render node as the user of Plex, and compares the groups that the running Plex has.',
  seconds: 15,
  run: async scene => {
    const { chosen, nodes } = await videoMachine(scene)
    const path = chosen?.node ?? nodes[0]?.path
    if (path === undefined) return nothing('There is no render node that one could be kept from')
    if (parsePlexUser(scene.root.text('/etc/passwd') ?? '') === null)
      return failed('video-no-plex', 'There is no user "plex" on this machine')
    const opened = await scene.attempt(asPlex(scene, ['sh', '-c', 'exec 3<>"$1"', 'sh', path]))
    const stat = parseStat((await scene.attempt(['stat', '--dereference', '--format=%a %u %g', path])).stdout)
    return judgePermission({ path, opened, stat, running: await groupsOfPlex(scene) })
  },
}

/** Mode, owner and group of a node. */
export interface Access {
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** The numbers that a process runs with. */
export interface Groups {
  readonly uid: number
  readonly groups: readonly number[]
}

/** What `stat --format='%a %u %g'` printed; null for anything else. */
export function parseStat(text: string): Access | null {
  const [, mode, uid, gid] = /^([0-7]{1,4}) (\d+) (\d+)\s*$/.exec(text) ?? []
  return mode === undefined ? null : { mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid) }
}

/** The numbers in a text of `/proc/PID/status`; null for anything else. */
export function parseGroups(text: string): Groups | null {
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(text)?.[1]
  const gid = /^Gid:\s+\d+\s+(\d+)/m.exec(text)?.[1]
  const groups = /^Groups:[ \t]*(.*)$/m.exec(text)?.[1]
  if (uid === undefined || gid === undefined || groups === undefined) return null
  return { uid: Number(uid), groups: [gid, ...groups.split(/\s+/).filter(Boolean)].map(Number) }
}

/** Whether the user of Plex, and the Plex that runs, may use a node. `running` is null while Plex does not run. */
export function judgePermission(facts: {
  readonly path: string
  readonly opened: { readonly code: number | null; readonly stderr: string }
  readonly stat: Access | null
  readonly running: Groups | null
}): Finding {
  const { path, opened, stat, running } = facts
  const detail = [
    ...(stat === null ? [] : [`${path}: mode ${stat.mode.toString(8)}, owner ${stat.uid}, group ${stat.gid}`]),
    ...(running === null ? [] : [`groups of the running Plex: ${running.groups.join(' ')}`]),
    ...opened.stderr.trim().split('\n').filter(Boolean).slice(-2),
  ]
  if (opened.code !== 0) {
    if (/^setpriv:/m.test(opened.stderr) || opened.code === null)
      return warned('video-unseen', 'Whether the user of Plex may open the graphics could not be tried', detail)
    return /ermission denied|not permitted/.test(opened.stderr)
      ? failed('video-permission', `The user of Plex may not open ${path}`, detail)
      : failed('video-node-of-nothing', `${path} cannot be opened by anybody`, detail)
  }
  if (running !== null && stat !== null && !mayUse(running, stat))
    return failed(
      'video-plex-groups',
      'The user of Plex may use the graphics, but Plex was started before that',
      detail,
    )
  return passed(`The user of Plex opened ${path} for reading and writing`, detail)
}

const BOTH = 6

function mayUse({ uid, groups }: Groups, { mode, ...node }: Access): boolean {
  if (uid === 0) return true
  const shift = uid === node.uid ? 6 : groups.includes(node.gid) ? 3 : 0
  return ((mode >> shift) & BOTH) === BOTH
}

async function groupsOfPlex({ attempt, root }: Scene): Promise<Groups | null> {
  const { stdout } = await attempt(['systemctl', 'show', '--property=MainPID', '--value', 'plexmediaserver.service'])
  const pid = Number(stdout.trim())
  return Number.isInteger(pid) && pid > 0 ? parseGroups(root.text(`/proc/${pid}/status`) ?? '') : null
}
