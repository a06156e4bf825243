import { commonTroubles } from '../doctor/common-troubles.ts'
import { type Check, SECTIONS } from './check.ts'
import { ddnsChecks } from './ddns/all.ts'
import { ddnsTroubles } from './ddns/troubles.ts'
import { domainChecks } from './domain/all.ts'
import { domainTroubles } from './domain/troubles.ts'
import { killSwitchChecks } from './kill-switch/all.ts'
import { killSwitchTroubles } from './kill-switch/troubles.ts'
import { linksChecks } from './links/all.ts'
import { linksTroubles } from './links/troubles.ts'
import { runnerTroubles } from './runner-troubles.ts'
import { securityChecks } from './security/all.ts'
import { securityTroubles } from './security/troubles.ts'
import { servicesChecks } from './services/all.ts'
import { servicesTroubles } from './services/troubles.ts'
import { storageChecks } from './storage/all.ts'
import { storageTroubles } from './storage/troubles.ts'
import type { Trouble } from './trouble.ts'
import { updatesChecks } from './updates/all.ts'
import { updatesTroubles } from './updates/troubles.ts'
import { videoChecks } from './video/all.ts'
import { videoTroubles } from './video/troubles.ts'
import { vpnChecks } from './vpn/all.ts'
import { vpnTroubles } from './vpn/troubles.ts'
import { webChecks } from './web/all.ts'
import { webTroubles } from './web/troubles.ts'

const checks: readonly Check[] = [
  ...videoChecks,
  ...vpnChecks,
  ...killSwitchChecks,
  ...servicesChecks,
  ...linksChecks,
  ...webChecks,
  ...domainChecks,
  ...ddnsChecks,
  ...storageChecks,
  ...securityChecks,
  ...updatesChecks,
]

/** Everything that is proven about a machine, in the order in which it is told. */
export const allChecks: readonly Check[] = SECTIONS.flatMap(section =>
  checks.filter(check => check.section === section),
)

/** Every trouble that a check can lead to, and those that no check sees. */
export const allTroubles: readonly Trouble[] = [
  ...videoTroubles,
  ...vpnTroubles,
  ...killSwitchTroubles,
  ...servicesTroubles,
  ...linksTroubles,
  ...webTroubles,
  ...domainTroubles,
  ...ddnsTroubles,
  ...storageTroubles,
  ...securityTroubles,
  ...updatesTroubles,
  ...runnerTroubles,
  ...commonTroubles,
]
