import type { Disk, Graphics, KnownSoFar, Machine } from '../machine.ts'

/** A disk's size as on its box: powers of 1000, as in `8.0 TB`. */
export function diskSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power]}`
}

/** Memory as sold: the kernel keeps a part for itself, so round up to whole GiB. */
export const memorySize = (bytes: number): string =>
  bytes <= 0 ? 'unknown memory' : `${Math.ceil(bytes / 2 ** 30)} GB memory`

/** How the machine was started, as in `UEFI, Secure Boot on`. */
export function firmwareWords(machine: Pick<Machine, 'firmware' | 'secureBoot'>): string {
  if (machine.firmware === 'BIOS') return 'BIOS, no Secure Boot'
  return machine.secureBoot === 'unsupported' ? 'UEFI, no Secure Boot' : `UEFI, Secure Boot ${machine.secureBoot}`
}

/** The graphics: what it is, and its render node or the reason why there is none. */
export function graphicsWords(card: Graphics): { what: string; node: string } {
  return {
    what: `${card.vendor} graphics (${card.pciId}${card.driver === null ? '' : `, ${card.driver}`})`,
    node: card.renderNode ?? `no render node: ${card.reason ?? 'unknown reason'}`,
  }
}

/** What is on a disk, item by item; the boot medium says so first, in few words where `short`. */
export function contentsWords(disk: Disk, short: boolean): string[] {
  if (!disk.bootMedium) return disk.contents
  const medium = disk.kind === 'USB' || disk.kind === 'SD' ? 'stick' : 'disk'
  return [short ? `boot ${medium}` : `you started from this ${medium}`, ...disk.contents]
}

/** Name and addresses of each interface, or what is missing. */
export function networkWords(network: NonNullable<KnownSoFar['network']>): string[] {
  if (network.length === 0) return ['no network interface found']
  return network.map(item => {
    if (item.addresses.length > 0) return `${item.name}  ${item.addresses.join('  ')}`
    return `${item.name}  ${item.up ? 'connected, no address yet' : 'not connected'}`
  })
}
