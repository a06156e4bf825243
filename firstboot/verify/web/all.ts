import type { Check } from '../check.ts'
import { answer } from './answer.ts'
import { bindings } from './bindings.ts'

/** Everything about the pages of services. */
export const webChecks: readonly Check[] = [answer, bindings]
