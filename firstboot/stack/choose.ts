import type { Answers } from '../answers/answers.ts'
import type { Catalogue, Service } from './catalogue.ts'

/** The services that a machine gets by its answers, in the order of the catalogue. Pure. */
export function chosenServices(
  catalogue: Catalogue,
  { vpn, domain, services }: Pick<Answers, 'vpn' | 'domain' | 'services'>,
): readonly Service[] {
  const isWanted: Readonly<Record<Service['when'], (service: Service) => boolean>> = {
    always: () => true,
    chosen: ({ name }) => services.includes(name),
    vpn: () => vpn !== null,
    domain: () => domain !== null,
  }
  // Nothing of the VPN's network is there without the VPN.
  return catalogue.filter(service => isWanted[service.when](service) && (service.network === 'own' || vpn !== null))
}
