import * as z from 'zod/mini'
import { fileSystemTitle } from '../disks/words.ts'
import type { Disk } from '../machine.ts'

// Tables of partitions are told apart from what lies on a disk; these are libblkid's names of them.
const TABLES: readonly string[] = 'gpt PMBR dos mac bsd sgi sun atari minix solaris_x86 unixware ultrix'.split(' ')

const Signatures = z.object({
  signatures: z.array(z.object({ type: z.string(), label: z.optional(z.nullable(z.string())) })),
})

/** The arguments of `wipefs` that list every signature on a device, and write nothing. */
export const signatureArguments = (device: string): string[] => ['--json', '--no-act', device]

/**
 * What a device seems to hold, from wipefs(8): every file system and membership that has left a signature, each said once.
 * Empty where there is none, or no answer. Pure.
 */
export function parseSignatures(json: string): string[] {
  try {
    const { signatures } = Signatures.parse(JSON.parse(json))
    const found = signatures.filter(({ type }) => !TABLES.includes(type))
    return [...new Set(found.map(({ type, label }) => fileSystemTitle({ type, label: label ?? '' })))]
  } catch {
    return []
  }
}

/**
 * The devices of a disk on which libblkid names nothing: where it finds signatures that contradict each other, as those of
 * an old pool behind a newer file system, it names none of them. Pure.
 */
export function unnamedDevices({ path, partitions, fileSystems, members, bootMedium }: Disk): string[] {
  if (bootMedium || members.length > 0) return []
  const devices = partitions.length > 0 ? partitions.map(part => part.path) : [path]
  return devices.filter(device => !fileSystems.some(fs => fs.path === device))
}
