import { rm } from 'node:fs/promises'
import type { Answers } from '../answers/answers.ts'
import { firstVerificationPath } from '../apply/places.ts'
import { findReturnedStick } from '../config-partition/find.ts'
import { configFolder, type ConfigPartition, openConfigPartition } from '../config-partition/partition.ts'
import type { Root } from '../root.ts'
import { run } from '../run.ts'
import type { Verification } from './verification.ts'
import { verificationLines } from './words.ts'

/** A stick that may get the result. */
export interface Stick {
  readonly partition: ConfigPartition
  /** The text of a file on it, once it was read; empty for none. */
  readonly text: (name: string) => string
  /** Lets it be pulled out. */
  readonly leave: () => Promise<unknown>
}

function systemSticks(root: Root): Stick[] {
  const text = (name: string) => root.text(`${configFolder}/${name}`) ?? ''
  const leave = async () => await run('umount', ['-l', configFolder])
  return [openConfigPartition(root), openConfigPartition(root, configFolder, { find: findReturnedStick })].map(
    partition => ({ partition, text, leave }),
  )
}

/**
 * Writes the first verification after a set-up on the part CONFIG of the stick: of the one that the system runs from, or
 * of the one that it was installed from, when that is in the machine (again). It is tried once. Gives what a person should
 * know, and never throws.
 */
export async function tellStick(
  root: Root,
  answers: Answers,
  verification: Verification,
  sticks: readonly Stick[] = systemSticks(root),
): Promise<readonly string[]> {
  if (root.text(firstVerificationPath) === null) return []
  await rm(`${root.prefix}${firstVerificationPath}`, { force: true })
  for (const { partition, text, leave } of sticks) {
    try {
      const { names } = await partition.read()
      const report = names.find(name => name.toLowerCase() === 'result.txt')
      // Another machine's stick is none of our business.
      if (report === undefined || !isOfThisMachine(text(report), answers)) continue
      const notes = await partition.write({ files: stickFiles(verification), remove: [] })
      return notes.length === 0 ? ['The result is on the stick too: VERIFY.txt.'] : notes
    } finally {
      await leave()
    }
  }
  return ['The stick is not in the machine, so the result is on this machine alone: type "mediaserver status".']
}

/** Whether the report of a set-up is that of this machine. Pure. */
export const isOfThisMachine = (report: string, { user, hostname }: Pick<Answers, 'user' | 'hostname'>): boolean =>
  report.split(/\s+/).includes(`${user}@${hostname}.local`)

/** A verification as files for a stick, for people and for programs. Pure. */
export function stickFiles(verification: Verification): { readonly name: string; readonly data: string }[] {
  const { at } = verification
  const [day, time] = new Date(at).toISOString().split('T')
  const head = [
    'WHAT THE MACHINE HAS PROVEN OF ITSELF',
    `on ${day} at ${time?.slice(0, 5)} UTC, at its first start.`,
    '',
  ]
  return [
    { name: 'VERIFY.txt', data: `${[...head, ...verificationLines(verification, at)].join('\r\n')}\r\n` },
    { name: 'verify.json', data: `${JSON.stringify(verification, null, 2)}\n` },
  ]
}
