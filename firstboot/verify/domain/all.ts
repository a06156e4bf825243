import type { Check } from '../check.ts'
import { certificates, guarded, namesCheck } from './checks.ts'
import { requests } from './requests.ts'

/** Everything about the domain. */
export const domainChecks: readonly Check[] = [namesCheck(), certificates, guarded, requests]
