/** What Plex wrote of its last transcoding. */
export interface PlexLog {
  /** What it decided; `unknown` when the log does not say. */
  readonly by: 'hardware' | 'software' | 'unknown'
  /** The last lines about it, without the time. */
  readonly lines: readonly string[]
}

/**
 * Reads the end of `Plex Media Server.log`. What is in front of `hardware transcoding:` differs between versions, and
 * Plex decides anew when a transcoder dies, so the last word counts.
 */
export function parsePlexLog(text: string): PlexLog {
  const lines = text
    .split('\n')
    .flatMap(line => /(?:hardware transcoding: .*|Preparing driver \w+ for GPU.*)$/.exec(line)?.[0] ?? [])
  let by: PlexLog['by'] = 'unknown'
  for (const line of lines) {
    const final = /final decoder: (\w*), final encoder: (\w*)\s*$/.exec(line)
    if (final !== null) by = /^(?!lib)\w/.test(final[2] ?? '') ? 'hardware' : 'software'
    else if (/no hardware decode accelerator found|opening hw device failed/.test(line)) by = 'software'
    else if (/using zero-copy transcoding\s*$/.test(line)) by = 'hardware'
  }
  return { by, lines: lines.slice(-6).map(line => line.trim().slice(0, 200)) }
}
