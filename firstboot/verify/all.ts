import { commonTroubles } from '../doctor/common-troubles.ts'
import { type Check, SECTIONS } from './check.ts'
import { runnerTroubles } from './runner-troubles.ts'
import { securityChecks } from './security/all.ts'
import { securityTroubles } from './security/troubles.ts'
import { killSwitchChecks } from './kill-switch/all.ts'
import { killSwitchTroubles } from './kill-switch/troubles.ts'
import { servicesChecks } from './services/all.ts'
import { servicesTroubles } from './services/troubles.ts'
import { vpnChecks } from './vpn/all.ts'
import { vpnTroubles } from './vpn/troubles.ts'
import { storageChecks } from './storage/all.ts'
import { storageTroubles } from './storage/troubles.ts'
import type { Trouble } from './trouble.ts'
import { updatesChecks } from './updates/all.ts'
import { updatesTroubles } from './updates/troubles.ts'
import { videoChecks } from './video/all.ts'
import { videoTroubles } from './video/troubles.ts'

/** Everything that is proven about a machine, in the order in which it is told. */
export const allChecks: readonly Check[] = [
  ...videoChecks,
  ...killSwitchChecks,
  ...servicesChecks,
  ...vpnChecks,
  ...storageChecks,
  ...securityChecks,
  ...updatesChecks,
].sort((one, other) => SECTIONS.indexOf(one.section) - SECTIONS.indexOf(other.section))

/** Every trouble that a check can lead to, and those that no check sees. */
export const allTroubles: readonly Trouble[] = [
  ...videoTroubles,
  ...killSwitchTroubles,
  ...servicesTroubles,
  ...vpnTroubles,
  ...storageTroubles,
  ...securityTroubles,
  ...updatesTroubles,
  ...runnerTroubles,
  ...commonTroubles,
]
