import { domainNames } from '../../domain/names.ts'
import { type Names, systemNames } from '../../live-checks/domain.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { nothing } from '../finding.ts'
import { homeSeen } from '../vpn/address.ts'
import { judgeCertificates, type Visits } from './judge-certificates.ts'
import { judgeGuarded } from './judge-guarded.ts'
import { judgeNames } from './judge-names.ts'
import { visit } from './visit.ts'

type Domain = NonNullable<Scene['answers']['domain']>

async function withDomain(scene: Scene, look: (domain: Domain) => Promise<Finding>): Promise<Finding> {
  const { domain } = scene.answers
  return domain === null ? nothing('There is no domain on this machine.') : await look(domain)
}

/** All names of a domain. */
const namesOf = (domain: Domain): string[] => {
  const { apex, guarded } = domainNames(domain)
  return [apex, ...guarded.map(({ name }) => name)]
}

const visits = async ({ once }: Scene, domain: Domain): Promise<Visits> =>
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
      const found = namesOf(domain).map(async name => ({
        name,
        addresses: await resolver.addresses(name).catch(() => null),
      }))
      const [home, ...resolved] = await Promise.all([homeSeen(scene), ...found])
      return judgeNames(resolved, home?.ip ?? null)
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
