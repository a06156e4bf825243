import { basename } from 'node:path'
import type { Root } from '../root.ts'

/** The place of each disk in the machine by its kernel name, as in `sda` → `pci-0000:00:17.0-ata-2`. */
export type Places = Readonly<Record<string, string>>

const folder = '/dev/disk/by-path'

/**
 * Reads the places that udev gives (60-persistent-storage.rules). Where a disk has several, such as `ata-2` and
 * `ata-2.0`, the shortest is taken, so that every look gives the same.
 */
export function readPlaces(root: Root): Places {
  const places: Record<string, string> = {}
  for (const place of root.list(folder)) {
    const target = root.link(`${folder}/${place}`)
    if (target === null || /-part\d+$/.test(place)) continue
    const name = basename(target)
    if (places[name] === undefined || place.length < places[name].length) places[name] = place
  }
  return places
}
