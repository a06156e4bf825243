/** The names of the partitions in their table; an installation is found again by them. */
export const LABELS = {
  bios: 'ms-bios',
  esp: 'ms-efi',
  rootA: 'ms-root-a',
  rootB: 'ms-root-b',
  state: 'ms-state',
} as const

/** The name of the partition on a disk that was erased for films: no part of the system, and its files can be kept. */
export const FILMS_LABEL = 'ms-films'
