/** The names of the partitions in their table; an installation is found again by them. */
export const LABELS = {
  bios: 'ms-bios',
  esp: 'ms-efi',
  rootA: 'ms-root-a',
  rootB: 'ms-root-b',
  state: 'ms-state',
} as const
