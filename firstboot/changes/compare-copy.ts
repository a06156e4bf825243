import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { ChangeFailure } from '../apply/failure.ts'
import { readProgram, runLong } from '../run.ts'

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

type File = Extract<Entry, { kind: 'file' }>

/**
 * A squashfs as a stream: all names first, then the bytes of all files. In a mounted one small files are unpacked again
 * and again with their neighbours, and that takes several times as long.
 */
const STREAM = 'unsquashfs -quiet -no-progress -pf /dev/stdout "$1"'

/**
 * Compares the streams 3, without its first bytes, and 4: as cmp does, which reads pipes in pieces of 4 KiB. Changing between
 * three programs that often takes several times as long as all the rest on a slow machine. 1031 is F_SETPIPE_SZ.
 */
const SAME_BYTES = `
  sub piece {
    my ($from, $length) = @_;
    my $bytes = "";
    while (length $bytes < $length) { sysread $from, $bytes, $length - length $bytes, length $bytes or last }
    return $bytes;
  }
  open my $left, "<&=", 3 or die;
  open my $right, "<&=", 4 or die;
  fcntl $_, 1031, 1 << 20 for $left, $right;
  piece($left, $ARGV[0]);
  my $at = 1;
  for (;;) {
    my ($one, $other) = (piece($left, 1 << 18), piece($right, 1 << 18));
    if ($one ne $other) {
      $at += ($one ^ $other) =~ /^(\\0+)/ ? length $1 : 0;
      print "byte $at";
      exit 1;
    }
    last if $one eq "";
    $at += length $one;
  }
  exit 0 if $at - 1 == $ARGV[1];
  print "byte $at";
  exit 1;
`

/** The head of the stream, without the mark behind it. */
async function readHead(squashfs: string, signal: AbortSignal): Promise<Buffer> {
  let head = Buffer.alloc(0)
  // unsquashfs opens its standard output anew, which works for a pipe and not for the socket that Node makes.
  for await (const chunk of readProgram('bash', ['-c', `${STREAM} | cat`, 'bash', squashfs], signal)) {
    const from = Math.max(0, head.length - MARK.length)
    head = Buffer.concat([head, chunk])
    const at = head.indexOf(MARK, from)
    if (at >= 0) return head.subarray(0, at)
  }
  return fail('The stick could not be read to compare the copy with it.')
}

/**
 * Compares a folder with a squashfs: every byte of every file, owners and permissions, folders and links. What is only in
 * the folder does not matter. Gives the number of files; throws a `ChangeFailure` at the first difference.
 */
export async function compareCopy(squashfs: string, folder: string, signal: AbortSignal): Promise<number> {
  const head = await readHead(squashfs, signal)
  const entries = parsePseudoHead(head.toString('utf8'))
  for (const entry of entries) compareEntry(entry, folder)
  const files = entries.filter(entry => entry.kind === 'file').sort((a, b) => a.offset - b.offset)
  // Both as one stream, side by side: opening tens of thousands of files from here would take longer than reading them.
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  // With their length, for two streams that both end too early are equal.
  const compare = `exec perl -e '${SAME_BYTES}' ${head.length + MARK.length} ${total} 3< <(${STREAM}) 4< <(xargs -0 cat)`
  const { code, stdout } = await runLong('bash', ['-c', compare, 'bash', squashfs], {
    input: files.map(({ path }) => `${join(folder, path)}\0`).join(''),
    signal,
  })
  if (code !== 0) differs(fileAt(files, Number(/byte (\d+)/.exec(stdout)?.[1] ?? 1) - 1), 'has other contents')
  return files.length
}

const fileAt = (files: readonly File[], offset: number): string =>
  files.findLast(file => file.offset <= offset && file.bytes > 0)?.path ?? 'a file'

function compareEntry(entry: Entry, folder: string): void {
  const path = join(folder, entry.path)
  const found = lstat(path) ?? differs(entry.path, 'is missing')
  if (entry.kind === 'link') {
    if (!found.isSymbolicLink() || readlinkSync(path) !== entry.to) differs(entry.path, 'leads elsewhere')
  } else if (entry.kind === 'same') {
    if (found.ino !== lstat(join(folder, entry.as))?.ino) differs(entry.path, `is not the same as ${entry.as}`)
  } else {
    if (entry.kind === 'folder' && !found.isDirectory()) differs(entry.path, 'is no folder')
    if (entry.kind === 'file' && (!found.isFile() || found.size !== entry.bytes))
      differs(entry.path, 'has another size')
    if ((found.mode & 0o7777) !== entry.mode) differs(entry.path, 'has other permissions')
    if (found.uid !== entry.uid || found.gid !== entry.gid) differs(entry.path, 'belongs to somebody else')
  }
}

const lstat = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false })
