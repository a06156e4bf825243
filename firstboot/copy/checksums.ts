/** SHA-256 sums of files by their path, as `sha256sum --tag` writes and `sha256sum --check` reads them. */
export type Checksums = ReadonlyMap<string, string>

// The bytes that would end or change a line, and what stands for them in one that begins with a backslash.
const ESCAPES = [
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
] as const

/**
 * One line of a list of sums, in the BSD format, see "cksum output modes" in the manual of coreutils. Ubuntu's coreutils,
 * uutils 0.8 to 0.12, do not take names with a backslash in the other format, and every system has some. Pure.
 */
export function checksumLine(path: string, sum: string): string {
  const escaped = ESCAPES.reduce((name, [byte, instead]) => name.replaceAll(byte, instead), path)
  return `${escaped === path ? '' : '\\'}SHA256 (${escaped}) = ${sum}\n`
}

const unescape = (name: string): string =>
  name.replaceAll(/\\([\\nr])/g, (_, letter: string) => ESCAPES.find(([, to]) => to === `\\${letter}`)?.[0] ?? letter)

/** Reads a list of sums. Throws on a line that is none. Pure. */
export function parseChecksums(text: string): Checksums {
  const lines = text.split('\n').filter(line => line !== '')
  return new Map(
    lines.map(line => {
      const [, escaped, name = '', sum] = /^(\\?)SHA256 \((.+)\) = ([0-9a-f]{64})$/.exec(line) ?? []
      if (sum === undefined) throw new Error(`A list of checksums has the line "${line}".`)
      return [escaped === '' ? name : unescape(name), sum]
    }),
  )
}
