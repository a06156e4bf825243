import { filmsIn } from '../../changes/film-mounts.ts'
import type { Root } from '../../root.ts'

/** Where films lie by what the set-up has written down: a mountpoint for each disk, `/data` alone without any. */
export interface FilmPlaces {
  readonly disks: readonly { readonly mountpoint: string; readonly uuid: string }[]
  /** Always with `/data`. */
  readonly mountpoints: readonly string[]
}

/** Reads it. */
export function filmPlaces(root: Root): FilmPlaces {
  const disks = filmsIn(root.text('/etc/fstab') ?? '').map(({ mountpoint, uuid }) => ({ mountpoint, uuid }))
  return { disks, mountpoints: [...new Set(['/data', ...disks.map(({ mountpoint }) => mountpoint)])] }
}
