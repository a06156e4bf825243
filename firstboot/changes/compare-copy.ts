import { closeSync, lstatSync, openSync, readlinkSync, readSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { ChangeFailure } from '../apply/failure.ts'
import { readProgram } from '../run.ts'

/** One entry of a squashfs, as the head of a pseudo file names it. */
type Entry =
  | ({ readonly kind: 'file'; readonly path: string; readonly bytes: number; readonly offset: number } & Owner)
  | ({ readonly kind: 'folder'; readonly path: string } & Owner)
  | { readonly kind: 'link'; readonly path: string; readonly to: string }
  | { readonly kind: 'same'; readonly path: string; readonly as: string }

interface Owner {
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

const MARK = Buffer.from('#\n# START OF DATA - DO NOT MODIFY\n#\n')

// NAME TYPE TIME MODE UID GID REST, or NAME L OTHER for a second name of a file; blanks in names follow a backslash.
const LINE = /^((?:\\.|[^\\ ])+) (?:([RDSCBFIx]) (.*)|L (.*))$/
const OWNED = /^\d+ ([0-7]+) (\d+) (\d+) ?(.*)$/

const unescape = (name: string): string => name.replaceAll(/\\(.)/g, '$1')

/**
 * The entries in the head of what `unsquashfs -pf` writes, see the section on pseudo files in mksquashfs(1). Devices and
 * attributes are left out. Throws on a line that it does not know. Pure.
 */
export function parsePseudoHead(head: string): Entry[] {
  return head
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .flatMap((line): Entry[] => {
      const [, escaped = '', type, rest = '', as] = LINE.exec(line) ?? fail(`The stick lists "${line}".`)
      const path = unescape(escaped)
      if (as !== undefined) return [{ kind: 'same', path, as: unescape(as) }]
      if (type !== 'R' && type !== 'D' && type !== 'S') return []
      const [, mode = '', uid, gid, last = ''] = OWNED.exec(rest) ?? fail(`The stick lists "${line}".`)
      if (type === 'S') return [{ kind: 'link', path, to: last }]
      const owner = { mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid) }
      if (type === 'D') return [{ kind: 'folder', path, ...owner }]
      const [bytes, offset] = last.split(' ').map(Number)
      if (bytes === undefined || offset === undefined || Number.isNaN(bytes + offset))
        fail(`The stick lists "${line}".`)
      return [{ kind: 'file', path, bytes: bytes ?? 0, offset: offset ?? 0, ...owner }]
    })
}

function fail(message: string): never {
  throw new ChangeFailure(
    message,
    'The SSD or the stick may be failing. Try again; if it happens again, take another one.',
  )
}

const differs = (path: string, how: string): never => fail(`The copy differs from the stick: ${path} ${how}`)

/**
 * A squashfs as `unsquashfs -pf` writes it: all names first, then the bytes of all files. In a mounted one small files are
 * unpacked again and again with their neighbours, and that takes several times as long.
 */
export function readSquashfs(source: string, signal: AbortSignal): AsyncIterable<Buffer> {
  // It opens its standard output anew, which works for a pipe and not for the socket that Node makes.
  const command = 'unsquashfs -quiet -no-progress -pf /dev/stdout "$1" | cat'
  return readProgram('bash', ['-o', 'pipefail', '-c', command, 'bash', source], signal)
}

/**
 * Compares a folder with what `unsquashfs -pf` says is in a squashfs: every byte of every file, owners and permissions,
 * links. What is only in the folder does not matter. Gives the number of files; throws a `ChangeFailure` at the first
 * difference.
 */
export async function compareCopy(
  pseudo: AsyncIterable<Buffer>,
  folder: string,
  progress: (done: number, total: number) => void,
): Promise<number> {
  let head = Buffer.alloc(0)
  let files: FileComparison | null = null
  for await (const chunk of pseudo) {
    if (files !== null) {
      files.take(chunk)
      continue
    }
    head = Buffer.concat([head, chunk])
    const at = head.indexOf(MARK)
    if (at < 0) continue
    const entries = parsePseudoHead(head.toString('utf8', 0, at))
    for (const entry of entries) if (entry.kind !== 'file') compareEntry(entry, folder)
    files = new FileComparison(
      entries.filter(entry => entry.kind === 'file').sort((a, b) => a.offset - b.offset),
      folder,
      progress,
    )
    files.take(head.subarray(at + MARK.length))
  }
  return files?.end() ?? fail('The stick could not be read to compare the copy with it.')
}

function compareEntry(entry: Exclude<Entry, { kind: 'file' }>, folder: string): void {
  const path = join(folder, entry.path)
  const found = lstat(path) ?? differs(entry.path, 'is missing')
  if (entry.kind === 'link') {
    if (!found.isSymbolicLink() || readlinkSync(path) !== entry.to) differs(entry.path, 'leads elsewhere')
  } else if (entry.kind === 'same') {
    if (found.ino !== lstat(join(folder, entry.as))?.ino) differs(entry.path, `is not the same as ${entry.as}`)
  } else {
    if (!found.isDirectory()) differs(entry.path, 'is no folder')
    compareOwner(entry, found)
  }
}

function compareOwner(entry: Owner & { readonly path: string }, found: Stats): void {
  if ((found.mode & 0o7777) !== entry.mode) differs(entry.path, 'has other permissions')
  if (found.uid !== entry.uid || found.gid !== entry.gid) differs(entry.path, 'belongs to somebody else')
}

const lstat = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false })

/**
 * The files, in the order in which their bytes come. Reads at once and not in turns: there is nothing else to do
 * meanwhile, and for tens of thousands of small files the turns would take longest.
 */
class FileComparison {
  readonly #files: readonly Extract<Entry, { kind: 'file' }>[]
  readonly #folder: string
  readonly #progress: (done: number, total: number) => void
  readonly #total: number
  readonly #buffer = Buffer.alloc(1024 * 1024)
  #index = 0
  #open: number | null = null
  #within = 0
  #done = 0

  constructor(
    files: readonly Extract<Entry, { kind: 'file' }>[],
    folder: string,
    progress: (done: number, total: number) => void,
  ) {
    this.#files = files
    this.#folder = folder
    this.#progress = progress
    this.#total = files.reduce((sum, file) => sum + file.bytes, 0)
  }

  take(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      const file = this.#next() ?? fail('The stick holds more than it lists.')
      const length = Math.min(chunk.length - at, file.bytes - this.#within, this.#buffer.length)
      const read = readSync(this.#open ?? -1, this.#buffer, 0, length, null)
      if (read !== length || this.#buffer.compare(chunk, at, at + length, 0, length) !== 0)
        differs(file.path, 'has other contents')
      at += length
      this.#within += length
      if (this.#within === file.bytes) this.#close()
    }
    this.#done += chunk.length
    this.#progress(this.#done, this.#total)
  }

  end(): number {
    if (this.#next() !== undefined) fail('The stick could not be read to its end.')
    return this.#files.length
  }

  /** The file that the next byte belongs to; empty ones are done on the way. */
  #next(): Extract<Entry, { kind: 'file' }> | undefined {
    for (;;) {
      const file = this.#files[this.#index]
      if (file === undefined || this.#open !== null) return file
      const path = join(this.#folder, file.path)
      const found = lstat(path) ?? differs(file.path, 'is missing')
      if (!found.isFile() || found.size !== file.bytes) differs(file.path, 'has another size')
      compareOwner(file, found)
      this.#open = openSync(path, 'r')
      this.#within = 0
      if (file.bytes > 0) return file
      this.#close()
    }
  }

  #close(): void {
    if (this.#open !== null) closeSync(this.#open)
    this.#open = null
    this.#index++
  }
}
