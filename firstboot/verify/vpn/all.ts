import type { Check } from '../check.ts'
import { address } from './address.ts'
import { bound } from './bound.ts'
import { dns } from './dns.ts'
import { ipv6 } from './ipv6.ts'
import { namespace } from './namespace.ts'
import { tunnel } from './tunnel.ts'
import { watch } from './watch.ts'

/** Everything about the tunnel. */
export const vpnChecks: readonly Check[] = [tunnel, namespace, address, dns, ipv6, bound, watch]
