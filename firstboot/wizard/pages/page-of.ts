import type { Page } from '../page.ts'
import type { StepId } from '../steps.ts'
import type { Asked } from './asked.ts'
import { domainPage } from './domain.ts'
import { installedMediaPage } from './installed-media.ts'
import { keysPage } from './keys.ts'
import { languagePage } from './language.ts'
import { mediaPage } from './media.ts'
import { namePage } from './name.ts'
import { networkPage } from './network.ts'
import { plexPage } from './plex.ts'
import { servicesPage } from './services.ts'
import { systemPage } from './system.ts'
import { vpnPage } from './vpn.ts'

const pages: Readonly<Record<StepId, (asked: Asked) => Page>> = {
  language: languagePage,
  network: networkPage,
  system: systemPage,
  media: asked => (asked.known.role === 'installed' ? installedMediaPage : mediaPage(asked)),
  name: namePage,
  keys: keysPage,
  vpn: vpnPage,
  domain: domainPage,
  services: servicesPage,
  plex: plexPage,
}

/** The page of a question, for the answers so far. */
export const pageOf = (step: StepId, asked: Asked): Page => pages[step](asked)
