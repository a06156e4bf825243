import type { Check } from '../check.ts'
import { boot } from './boot.ts'
import { place } from './place.ts'
import { rules } from './rules.ts'
import { trial } from './trial.ts'

/** Everything about the kill switch. */
export const killSwitchChecks: readonly Check[] = [rules, boot, place, trial]
