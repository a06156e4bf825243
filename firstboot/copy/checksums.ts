/** SHA-256 sums of files by their path, as `sha256sum` writes and checks them. */
export type Checksums = ReadonlyMap<string, string>

// The bytes that would end or change a line, and what stands for them in one that begins with a backslash.
const ESCAPES = [
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
] as const

/** One line of a list of sums, in the format of GNU sha256sum, see "md5sum invocation" in the manual of coreutils. Pure. */
export function checksumLine(path: string, sum: string): string {
  const escaped = ESCAPES.reduce((name, [byte, instead]) => name.replaceAll(byte, instead), path)
  return `${escaped === path ? '' : '\\'}${sum}  ${escaped}\n`
}

const unescape = (name: string): string =>
  name.replaceAll(/\\([\\nr])/g, (_, letter: string) => ESCAPES.find(([, to]) => to === `\\${letter}`)?.[0] ?? letter)

/** Reads a list of sums. Throws on a line that is none. Pure. */
export function parseChecksums(text: string): Checksums {
  const lines = text.split('\n').filter(line => line !== '')
  return new Map(
    lines.map(line => {
      const [, escaped, sum, name = ''] = /^(\\?)([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? []
      if (sum === undefined) throw new Error(`A list of checksums has the line "${line}".`)
      return [escaped === '' ? name : unescape(name), sum]
    }),
  )
}
