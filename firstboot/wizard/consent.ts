import type { DiskFate, Plan } from '../plan/plan.ts'
import type { Consent } from './state.ts'

/** How many characters have to be typed for each disk. */
const length = 4

/** The disks of a plan that will be erased. */
export const erased = (plan: Plan): DiskFate[] => plan.disks.filter(disk => disk.fate === 'erase')

/** What has to be typed for a disk: the end of its serial number, or of its identity when it has none. */
export const codeOf = (fate: DiskFate): string => (fate.serial || fate.disk).slice(-length)

/** What is wrong with what was typed for a disk; null when it is right. */
export function codeFault(fate: DiskFate, typed: string): string | null {
  const code = codeOf(fate)
  const what = fate.serial === '' ? 'identity' : 'serial number'
  if (typed === code) return null
  if (typed.length < code.length) return `Type the last ${code.length} characters of its ${what}.`
  if (typed.toLowerCase() === code.toLowerCase()) return 'Almost: capital and small letters must be as they are shown.'
  return `This is not the end of its ${what}. Look at it again: is this the right disk?`
}

/** Consent to a plan before anything was typed. */
export const noConsent = (plan: Plan): Consent => ({ planHash: plan.hash, typed: {} })

/** True when a person agreed to exactly this plan, disk by disk. A plan that erases nothing needs the hash alone. */
export const isAgreed = (plan: Plan, consent: Consent | null): boolean =>
  consent !== null &&
  consent.planHash === plan.hash &&
  erased(plan).every(fate => consent.typed[fate.disk] === codeOf(fate) && codeOf(fate) !== '')
