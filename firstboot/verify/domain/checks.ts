import { domainNames } from '../../domain/names.ts'
import { type Names, systemNames } from '../../live-checks/domain.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { nothing } from '../finding.ts'
import { homeSeen } from '../vpn/address.ts'
import { judgeCertificates, judgeGuarded, type Visits } from './judge-certificates.ts'
import { hasJustBegun } from '../just-begun.ts'
import { readVerification } from '../store.ts'
import { judgeNames, type Resolved } from './judge-names.ts'
import { visit } from './visit.ts'

type Domain = NonNullable<Scene['answers']['domain']>

/** Looks at the domain of this machine, where it has one. */
export async function withDomain(scene: Scene, look: (domain: Domain) => Promise<Finding>): Promise<Finding> {
  const { domain } = scene.answers
  return domain === null ? nothing('There is no domain on this machine.') : await look(domain)
}

/** All names of a domain. */
const namesOf = (domain: Domain): string[] => {
  const { apex, guarded } = domainNames(domain)
  return [apex, ...guarded.map(({ name }) => name)]
}

/** What is found at every name of a domain, on this machine. */
export const visits = async ({ once }: Scene, domain: Domain): Promise<Visits> =>
  await once(
    'domain-visits',
    async () => await Promise.all(namesOf(domain).map(async name => ({ name, visit: await visit(name) }))),
  )

/** Where the names lead. */
export const namesCheck = (names: () => Names = systemNames): Check => ({
  id: 'domain-names',
  section: 'domain',
  title: 'The domain leads to this home',
  how: 'Asks the name servers for the address of every name, and compares with the one that the internet sees.',
  seconds: 30,
  run: async scene =>
    await withDomain(scene, async domain => {
      const resolver = names()
      const found = namesOf(domain).map(async (name): Promise<Resolved> => ({
        name,
        addresses: await resolver.addresses(name).catch(() => null),
      }))
      const [home, ...resolved] = await Promise.all([homeSeen(scene), ...found])
      const at = home?.ip ?? null
      // The world is only asked about what is not as it should be nearby.
      const asked = resolved.map(async each =>
        at === null || each.addresses === null || each.addresses.includes(at)
          ? each
          : { ...each, outside: await resolver.addressesOutside(each.name).catch(() => null) },
      )
      const before = readVerification(scene.root)?.results.find(({ id }) => id === 'domain-names')
      return judgeNames(await Promise.all(asked), at, hasJustBegun(before, scene.now()))
    }),
})

/** What the names prove themselves by. */
export const certificates: Check = {
  id: 'domain-certificate',
  section: 'domain',
  title: 'The certificate is valid',
  how: 'Opens every name on this machine as a browser would, and looks at the certificate and its end.',
  seconds: 30,
  run: async scene =>
    await withDomain(scene, async domain => judgeCertificates(await visits(scene, domain), scene.now())),
}

/** What must not be open to everybody. */
export const guarded: Check = {
  id: 'domain-guarded',
  section: 'domain',
  title: 'Names behind a password are shut',
  how: 'Opens the names of Sonarr and Radarr on this machine without a password.',
  seconds: 30,
  run: async scene =>
    await withDomain(scene, async domain => {
      const shut = domainNames(domain).guarded.map(({ name }) => name)
      return judgeGuarded((await visits(scene, domain)).filter(({ name }) => shut.includes(name)))
    }),
}
