import type { Check } from '../check.ts'
import { update } from './update.ts'

/** Everything about keeping the DNS provider up to date. */
export const ddnsChecks: readonly Check[] = [update]
