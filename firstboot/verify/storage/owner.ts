import { USER_ID } from '../../changes/user.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import { unlessAsleep } from './asleep.ts'
import { onFilms } from './mounted.ts'
import type { Ended } from '../../run.ts'

/** The folders of films that programs add to and take from. */
export const mediaFolders = ['/data/media', '/data/media/movies', '/data/media/tv', '/data/media/homevideo'] as const

/**
 * Runs a program as the user that the containers run as, with no group but its own: what it may not do, they may not do
 * either. See setpriv(1).
 */
export const asContainers = (...argv: readonly string[]): [string, ...string[]] => [
  'setpriv',
  `--reuid=${USER_ID}`,
  `--regid=${USER_ID}`,
  '--clear-groups',
  ...argv,
]

/**
 * Every folder, no deeper than a film or a series, and whether it may be written to: `-writable` of find(1) asks the system
 * itself, as who runs it.
 */
const FIND = [
  '-maxdepth',
  '2',
  '-type',
  'd',
  '(',
  '-writable',
  '-printf',
  'writable\\n',
  '-o',
  '-printf',
  'not writable: %u:%g %m %p\\n',
  ')',
] as const

/** What find says about folders of films. Pure. */
export function judgeOwners({ code, stdout, stderr }: Ended): Finding {
  const rows = stdout.split('\n')
  const locked = rows.flatMap(row => {
    const found = /^not writable: (\S+) (\d+) (\/.*)$/.exec(row)
    return found === null ? [] : [{ owner: found[1] ?? '', mode: found[2] ?? '', path: found[3] ?? '' }]
  })
  const detail = locked.slice(0, 20).map(({ owner, mode, path }) => `${path} belongs to ${owner} (${mode})`)
  const top = locked.find(({ path }) => (mediaFolders as readonly string[]).includes(path))
  if (top !== undefined)
    return failed('films-wrong-owner', `${top.path} belongs to ${top.owner}, so no film can be added.`, detail)
  if (locked.length > 0)
    return warned(
      'films-foreign-folders',
      `${locked.length} folders of films belong to others, as ${locked[0]?.path}; nothing can be added there.`,
      detail,
    )
  const count = rows.filter(row => row === 'writable').length
  if (code !== 0 || count === 0 || rows.some(row => row !== '' && row !== 'writable')) {
    const why = stderr.split('\n').filter(row => row.trim() !== '')
    return failed(
      'films-wrong-owner',
      `The folders of films could not be looked at: ${why[0] ?? 'no reason given'}`,
      why,
    )
  }
  return passed(`The services may write to all ${count} folders of films.`)
}

async function look({ attempt }: Scene): Promise<Finding> {
  const lines: string[] = []
  const argv = asContainers('find', ...mediaFolders.slice(0, 1), ...FIND)
  const ended = await attempt(argv, { quiet: true, onLine: line => void lines.push(line) })
  return judgeOwners(lines.length > 0 ? { ...ended, stdout: lines.join('\n') } : ended)
}

export const owner: Check = {
  id: 'storage-owner',
  section: 'storage',
  title: 'Services may add films',
  how: 'Asks, as the user that the services run as, for folders of films that could not be written to.',
  seconds: 30,
  run: async scene =>
    await onFilms(scene.root, async () => await unlessAsleep('storage-owner', scene, async () => await look(scene))),
}

/** Gives the folders at the top to who must write there; what lies in them stays as it is. Gives what was done. */
export async function ownMediaFolders({ attempt, answers }: Scene): Promise<string> {
  const changed = await attempt(['chown', `${USER_ID}:${USER_ID}`, ...mediaFolders])
  const opened = changed.code === 0 ? await attempt(['chmod', 'u+rwx', ...mediaFolders]) : changed
  if (opened.code !== 0) throw new Error(`The folders could not be given to ${answers.user}: ${opened.stderr.trim()}`)
  return `${mediaFolders.join(', ')} belong to ${answers.user} now.`
}
