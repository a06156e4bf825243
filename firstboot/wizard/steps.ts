/** The questions, in the order in which they are asked. */
export const steps = [
  'language',
  'network',
  'system',
  'media',
  'name',
  'keys',
  'vpn',
  'domain',
  'services',
  'plex',
] as const

/** One question of the wizard. */
export type StepId = (typeof steps)[number]

/** The title of each question, as it stands in the header and in the summary. */
export const stepTitles: Readonly<Record<StepId, string>> = {
  language: 'Language',
  network: 'Network',
  system: 'System disk',
  media: 'Film disks',
  name: 'Name',
  keys: 'SSH keys',
  vpn: 'VPN',
  domain: 'Domain',
  services: 'Services',
  plex: 'Plex',
}

/** True for the name of a question. */
export const isStep = (name: string): name is StepId => (steps as readonly string[]).includes(name)
