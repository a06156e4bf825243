import type { Check } from '../check.ts'
import { automatic } from './automatic.ts'
import { clock } from './clock.ts'
import { lastRun } from './last-run.ts'
import { packages } from './packages.ts'
import { restart } from './restart.ts'

/** Everything about updates, and the clock that they and all certificates rely on. */
export const updatesChecks: readonly Check[] = [automatic, lastRun, restart, packages, clock]
