import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { checksumLine, type Checksums } from './checksums.ts'
import { filesByOffset, parsePseudoHead, type PseudoEntry, type PseudoFile, PSEUDO_MARK } from './pseudo-file.ts'
import { ChangeFailure } from '../apply/failure.ts'
import { readProgram, runLong } from '../run.ts'

const differs = (path: string, how: string): ChangeFailure =>
  new ChangeFailure(
    `The copy is not what the stick was made from: ${path} ${how}.`,
    'The stick or the SSD may be failing. Try again; if it happens again, write the image to another stick.',
  )

/** All entries of a squashfs. */
async function entriesOf(squashfs: string, signal: AbortSignal): Promise<PseudoEntry[]> {
  let head = Buffer.alloc(0)
  // unsquashfs opens its standard output anew, which works for a pipe and not for the socket that Node makes.
  const stream = 'unsquashfs -quiet -no-progress -pf /dev/stdout "$1" | cat'
  for await (const chunk of readProgram('bash', ['-c', stream, 'bash', squashfs], signal)) {
    const from = Math.max(0, head.length - PSEUDO_MARK.length)
    head = Buffer.concat([head, chunk])
    const at = head.indexOf(PSEUDO_MARK, from)
    if (at >= 0) return parsePseudoHead(head.toString('utf8', 0, at))
  }
  throw new ChangeFailure(
    'The names of the files on the stick cannot be read.',
    'The stick may be failing. Try again; if it happens again, write the image to another one.',
  )
}

/**
 * Compares a folder with what a squashfs was made from: every byte of every file by the checksums that were noted then,
 * owners and permissions, folders and links. What is only in the folder does not matter. Gives the number of files;
 * throws a `ChangeFailure` at the first difference.
 */
export async function compareCopy(
  squashfs: string,
  sums: Checksums,
  folder: string,
  signal: AbortSignal,
): Promise<number> {
  const entries = await entriesOf(squashfs, signal)
  for (const entry of entries) compareEntry(entry, folder)
  const files = filesByOffset(entries)
  const parts = availableParallelism()
  // One after the other for each processor: neighbours are of one kind, and would keep one longer than the others.
  const shares = Array.from({ length: parts }, (_, part) => files.filter((_file, index) => index % parts === part))
  await Promise.all(shares.map(share => compareContents(share, sums, folder, signal)))
  return files.length
}

async function compareContents(
  files: readonly PseudoFile[],
  sums: Checksums,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const lines = files.map(({ path }) => {
    const sum = sums.get(path)
    if (sum === undefined) throw differs(path, 'has no checksum')
    return checksumLine(path, sum)
  })
  const check = ['--chdir', folder, 'sha256sum', '--check', '--quiet', '--strict', '-']
  const { code, stdout, stderr } = await runLong('env', check, { input: lines.join(''), signal })
  if (code === 0) return
  const failed = /^(.*): FAILED/m.exec(stdout)?.[1]
  if (failed !== undefined) throw differs(failed, 'has other contents')
  throw new ChangeFailure(`The copy could not be compared: ${stderr.split('\n')[0]}`, 'Try again.')
}

function compareEntry(entry: PseudoEntry, folder: string): void {
  const path = join(folder, entry.path)
  const found = lstat(path)
  if (found === undefined) throw differs(entry.path, 'is missing')
  if (entry.kind === 'link') {
    if (!found.isSymbolicLink() || readlinkSync(path) !== entry.to) throw differs(entry.path, 'leads elsewhere')
  } else if (entry.kind === 'same') {
    if (found.ino !== lstat(join(folder, entry.as))?.ino) throw differs(entry.path, `is not the same as ${entry.as}`)
  } else {
    if (entry.kind === 'folder' && !found.isDirectory()) throw differs(entry.path, 'is no folder')
    if (entry.kind === 'file' && (!found.isFile() || found.size !== entry.bytes))
      throw differs(entry.path, 'has another size')
    if ((found.mode & 0o7777) !== entry.mode) throw differs(entry.path, 'has other permissions')
    if (found.uid !== entry.uid || found.gid !== entry.gid) throw differs(entry.path, 'belongs to somebody else')
  }
}

const lstat = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false })
