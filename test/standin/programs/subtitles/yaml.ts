/** One section of Bazarr's settings. */
export type Section = Record<string, string | number | boolean | null | string[]>

/** What a plain or quoted value of YAML 1.1 is; the same rules as Bazarr's reader for what such a file has. */
function valueOf(text: string): string | number | boolean | null | string[] {
  if (text.startsWith('"')) return JSON.parse(text) as string
  if (text.startsWith("'")) return text.slice(1, -1).replace(/''/g, "'")
  if (text === '[]') return []
  if (text === '' || text === 'null' || text === '~') return null
  if (/^(true|yes|on)$/i.test(text)) return true
  if (/^(false|no|off)$/i.test(text)) return false
  // 010 is eight there.
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8)
  return /^[-+]?(\d+(\.\d*)?([eE][-+]\d+)?)$/.test(text) ? Number(text) : text
}

/** Reads sections of values and lists of texts. Throws for anything else. */
export function parseSimpleYaml(text: string): Record<string, Section> {
  const sections: Record<string, Section> = {}
  let section: Section | null = null
  let list: string[] | null = null
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.trimStart().startsWith('#') || line === '---') continue
    const item = /^ +- (.*)$/.exec(line)
    const member = /^ +([A-Za-z_]+):(?: (.*))?$/.exec(line)
    const head = /^([a-z_]+):(?: \{\})?$/.exec(line)
    if (item !== null && list !== null) list.push(String(valueOf(item[1] ?? '')))
    else if (member !== null && section !== null) {
      const [, name = '', value] = member
      list = value === undefined ? [] : null
      section[name] = list ?? valueOf((value ?? '').trim())
    } else if (head !== null) sections[head[1] ?? ''] = section = {}
    else throw new Error(`config.yaml cannot be read: ${line}`)
  }
  return sections
}

/** Writes them. */
export const renderSimpleYaml = (sections: Readonly<Record<string, Section>>): string =>
  Object.entries(sections)
    .map(([name, values]) => {
      const lines = Object.entries(values).map(([key, value]) =>
        Array.isArray(value)
          ? value.length === 0
            ? `  ${key}: []`
            : `  ${key}:\n${value.map(each => `    - ${JSON.stringify(each)}`).join('\n')}`
          : `  ${key}: ${JSON.stringify(value)}`,
      )
      return `${name}:\n${lines.join('\n')}\n`
    })
    .join('')
