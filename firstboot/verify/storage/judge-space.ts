import { diskSize } from '../../screens/words.ts'
import type { Finding } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import { roomLeft, type Space } from './parse-space.ts'

/** Which troubles a full place leads to. */
export interface SpaceTroubles {
  readonly full: string
  readonly little: string
}

/** What is to be said about the room of some file systems. `wanted` are those that must be among them. Pure. */
export function judgeSpace(spaces: readonly Space[], troubles: SpaceTroubles): Finding {
  if (spaces.length === 0)
    return failed(troubles.full, 'How much room there is could not be found out: df said nothing.')
  const words = spaces.map(spaceWords)
  const detail = spaces.length > 1 ? words : []
  const named = (left: ReturnType<typeof roomLeft>) => spaces.filter(space => roomLeft(space) === left).map(spaceWords)
  const [none, little] = [named('none'), named('little')]
  if (none.length > 0) return failed(troubles.full, `full: ${none.join('; ')}`, detail)
  if (little.length > 0) return warned(troubles.little, `nearly full: ${little.join('; ')}`, detail)
  return passed(words.join('; '))
}

const spaceWords = ({ mountpoint, bytes, free, freeFiles }: Space): string =>
  freeFiles === 0
    ? `${mountpoint} can take no more files`
    : `${mountpoint} has ${diskSize(free)} of ${diskSize(bytes)} left`
