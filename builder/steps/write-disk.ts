import { open, type FileHandle } from 'node:fs/promises'
import { type DiskLayout, sfdiskScript } from '../../firstboot/disks/partition-table.ts'
import { copyInto } from '../shared/copy-into.ts'
import type { Runner } from '../shared/run.ts'

/** What a disk image is written from: its layout, and for partitions by name the files that hold their bytes. */
export interface DiskContents {
  readonly layout: DiskLayout
  readonly files: Readonly<Record<string, string>>
  /** Writes what is not a file, for instance boot code, before the partitions are copied. */
  readonly first?: (file: FileHandle) => Promise<void>
}

/** Where a partition begins, in bytes. */
export function startOf(layout: DiskLayout, name: string): number {
  const found = layout.partitions.find(partition => partition.name === name)
  if (found === undefined) throw new TypeError(`the layout has no partition ${name}`)
  return found.start
}

/** Writes a disk image without any device: the partition table, then each partition in its place, holes left out. */
export async function writeDisk(
  image: string,
  { layout, files, first }: DiskContents,
  run: Runner,
  signal: AbortSignal,
  onBytes: (n: number) => void = () => undefined,
): Promise<void> {
  await using file = await open(image, 'w+')
  await file.truncate(layout.bytes)
  await run(
    { argv: ['sfdisk', '--quiet', '--no-reread', '--no-tell-kernel', image], input: sfdiskScript(layout) },
    { signal },
  )
  await first?.(file)
  for (const [name, path] of Object.entries(files)) await copyInto(path, file, startOf(layout, name), signal, onBytes)
}
