/** What a command in the guest's shell gave. */
export interface ShellResult {
  readonly exitCode: number
  /** Standard output and standard error, as they came, without carriage returns. */
  readonly output: string
}

// oxlint-disable-next-line no-control-regex -- terminals speak in control characters
const escapes = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g

// The line editors of small shells hold about a thousand characters.
const PIECE = 600

/**
 * The lines typed into the shell for a command. The command travels encoded and in pieces, so that quotes and history
 * signs mean nothing on the way, and the marks are split, so that the echo of a line is never taken for its result.
 */
export function shellLines(command: string, tag: string): string[] {
  const encoded = Buffer.from(command).toString('base64')
  const pieces = encoded.match(new RegExp(`.{1,${PIECE}}`, 'g')) ?? []
  return [
    ...pieces.map((piece, index) => ` m=${index === 0 ? '' : '${m}'}${piece}\r`),
    ` echo '@@'${tag}-begin; sh -c "$(echo $m | base64 -d)" </dev/null 2>&1; echo '@@'${tag}-end-$?'@@'\r`,
  ]
}

/** Finds the result of a command in what the line carried; undefined while it has not ended. */
export function parseShellOutput(raw: string, tag: string): ShellResult | undefined {
  const text = raw.replaceAll(escapes, '').replaceAll('\r', '')
  const match = new RegExp(`@@${tag}-begin\\n([\\s\\S]*?)@@${tag}-end-(\\d+)@@`).exec(text)
  if (match === null) return undefined
  return { output: (match[1] ?? '').trimEnd(), exitCode: Number(match[2]) }
}
