import { applyLockPath } from './apply/places.ts'
import { isHeld } from './held-lock.ts'
import type { Root } from './root.ts'
import { serviceRuns } from './service-runs.ts'

/**
 * Whether anybody applies answers: the unit, which runs for a moment before and after it has the lock, or somebody who has
 * typed `mediaserver apply`. Costs two small files at most, because all consoles ask each second.
 */
export const isApplying = (root: Root): boolean => serviceRuns(root, 'mediaserver-apply') || isHeld(root, applyLockPath)
