import type { Check } from '../check.ts'
import { errors } from './errors.ts'
import { health } from './health.ts'
import { mounted } from './mounted.ts'
import { mountpoint } from './mountpoint.ts'
import { owner } from './owner.ts'
import { filmSpace, systemSpace } from './space.ts'
import { systemWritable } from './system-writable.ts'
import { writable } from './writable.ts'

/** Everything about disks. */
export const storageChecks: readonly Check[] = [
  mounted,
  writable,
  owner,
  mountpoint,
  filmSpace,
  systemSpace,
  systemWritable,
  health,
  errors,
]
