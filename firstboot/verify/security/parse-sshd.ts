/** What sshd says that it will do (`sshd -T`), by names in lower case; what may be there more than once keeps all. Pure. */
export function parseSshd(output: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>()
  for (const line of output.split('\n')) {
    const space = line.indexOf(' ')
    if (space <= 0) continue
    const name = line.slice(0, space).toLowerCase()
    settings.set(name, [...(settings.get(name) ?? []), line.slice(space + 1).trim()])
  }
  return settings
}

/** The ways in that a server offers, from ssh's last words: `Permission denied (publickey,password).` Null: it says none. Pure. */
export function offeredMethods(stderr: string): readonly string[] | null {
  const found = /Permission denied \(([a-z0-9,@.-]+)\)/i.exec(stderr)?.[1]
  return found === undefined ? null : found.toLowerCase().split(',')
}
