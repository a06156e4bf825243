import type { Check } from '../check.ts'
import { busy } from './busy.ts'
import { driver } from './driver.ts'
import { encode } from './encode.ts'
import { firmware } from './firmware.ts'
import { gpu } from './gpu.ts'
import { node } from './node.ts'
import { permission } from './permission.ts'
import { plexCheck } from './plex.ts'

/** The proof of hardware video, from the bus up to Plex: the first that fails is the cause of those after it. */
export const videoChecks: readonly Check[] = [gpu, node, permission, firmware, driver, encode, busy, plexCheck()]
