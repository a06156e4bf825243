/** One entry of a file system, as the head of a pseudo file of squashfs-tools names it. */
export type PseudoEntry =
  /** `offset` is where its bytes begin, counted from the first byte behind the mark. */
  | ({ readonly kind: 'file'; readonly path: string; readonly bytes: number; readonly offset: number } & Owner)
  | ({ readonly kind: 'folder'; readonly path: string } & Owner)
  | { readonly kind: 'link'; readonly path: string; readonly to: string }
  /** A second name of a file. */
  | { readonly kind: 'same'; readonly path: string; readonly as: string }

/** A file of a pseudo file. */
export type PseudoFile = Extract<PseudoEntry, { kind: 'file' }>

interface Owner {
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** What stands between the head of a pseudo file and the bytes of all its files. */
export const PSEUDO_MARK = Buffer.from('#\n# START OF DATA - DO NOT MODIFY\n#\n')

// NAME TYPE TIME MODE UID GID REST, or NAME L OTHER for a second name of a file; blanks in names follow a backslash.
const LINE = /^((?:\\.|[^\\ ])+) (?:([RDSCBFIx]) (.*)|L (.*))$/
const OWNED = /^\d+ ([0-7]+) (\d+) (\d+) ?(.*)$/

const unescape = (name: string): string => name.replaceAll(/\\(.)/g, '$1')

/**
 * The entries in the head of what `unsquashfs -pf` writes, see the section on pseudo files in mksquashfs(1). Devices and
 * attributes are left out. Throws on a line that it does not know. Pure.
 */
export function parsePseudoHead(head: string): PseudoEntry[] {
  return head
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .flatMap((line): PseudoEntry[] => {
      const strange = () => new Error(`A file system is listed with the line "${line}".`)
      const [, escaped = '', type, rest = '', as] = LINE.exec(line) ?? []
      if (escaped === '') throw strange()
      const path = unescape(escaped)
      if (as !== undefined) return [{ kind: 'same', path, as: unescape(as) }]
      if (type !== 'R' && type !== 'D' && type !== 'S') return []
      const [, mode, uid, gid, last = ''] = OWNED.exec(rest) ?? []
      if (mode === undefined) throw strange()
      if (type === 'S') return [{ kind: 'link', path, to: last }]
      const owner = { mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid) }
      if (type === 'D') return [{ kind: 'folder', path, ...owner }]
      const [bytes = Number.NaN, offset = Number.NaN] = last.split(' ').map(Number)
      if (Number.isNaN(bytes + offset)) throw strange()
      return [{ kind: 'file', path, bytes, offset, ...owner }]
    })
}

/** The files among entries, in the order of their bytes. Pure. */
export const filesByOffset = (entries: readonly PseudoEntry[]): PseudoFile[] =>
  entries.filter(entry => entry.kind === 'file').sort((a, b) => a.offset - b.offset)
