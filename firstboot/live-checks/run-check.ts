import type { Root } from '../root.ts'
import { run } from '../run.ts'
import type { CheckRequest, CheckResult } from '../wizard/checks.ts'
import { checkAddress } from './address.ts'
import { checkDomain, type Names, systemNames } from './domain.ts'
import { fetchKeys } from './github.ts'
import { openHttps } from './https.ts'
import { checkInternet } from './internet.ts'
import { notChecked } from './results.ts'
import { checkToken, fetchCountries } from './vpn.ts'

/** Makes one live check on this machine. Takes seconds at most, and never throws. */
export async function runCheck(request: CheckRequest, root: Root): Promise<CheckResult> {
  const get = openHttps(root)
  switch (request.id) {
    case 'internet':
      return await checkInternet(get)
    case 'vpn':
      return await checkToken(request.token, get)
    case 'countries':
      return await fetchCountries(get)
    case 'github':
      return await fetchKeys(request.name, get)
    case 'domain':
      return await checkDomain(request.name, root.prefix === '' ? systemNames() : nobody, get)
    case 'address':
      return root.prefix === ''
        ? await checkAddress({ address: request.address, port: request.interface }, run)
        : notChecked('a recorded machine has no network')
  }
}

// A recorded machine has no name servers.
const nobody: Names = {
  addresses: () => Promise.reject(new Error('no network')),
  addressesOutside: () => Promise.reject(new Error('no network')),
  exists: () => Promise.reject(new Error('no network')),
}
