import type { Site } from '../changes/change.ts'
import type { Ended } from '../run.ts'

/**
 * Starts containers anew. A restart that fails midway has stopped one already, and Docker keeps that for somebody's wish: it
 * would not even come back with the machine. So it is started then; what that says counts.
 */
export async function restartContainers(
  names: readonly string[],
  { attempt }: Pick<Site, 'attempt'>,
): Promise<Pick<Ended, 'code' | 'stderr'>> {
  const ended = await attempt(['docker', 'restart', ...names])
  return ended.code === 0 ? ended : await attempt(['docker', 'start', ...names])
}
