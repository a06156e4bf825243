/** A value in an INI file of Qt: a list of texts, one text, a number or a yes or no. */
export type IniValue = string | number | boolean | readonly string[]

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0000': '\\x0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

const isPlain = (text: string): boolean => /^[A-Za-z0-9_.:/*-]+$/.test(text)

/**
 * A text as QSettings of Qt 5 and Qt 6 reads it back unchanged, see "IniFormat" in Qt's documentation. Whatever is not
 * plain is quoted: unquoted, a `;` begins a comment and a `,` a list. Characters outside of ASCII are written by their number,
 * because the two versions of Qt read them in different encodings.
 */
function iniText(text: string): string {
  if (isPlain(text)) return text
  // At the beginning, @ announces a value of another type.
  const guarded = text.startsWith('@') ? `@${text}` : text
  let escaped = ''
  let afterNumber = false
  for (let index = 0; index < guarded.length; index += 1) {
    const unit = guarded[index] ?? ''
    const code = guarded.charCodeAt(index)
    // A digit right after such a number would be read as a part of it.
    const byNumber: boolean = code < 0x20 || code >= 0x7f || (afterNumber && /[0-9a-fA-F]/.test(unit))
    const known = ESCAPES[unit]
    escaped += known ?? (byNumber ? `\\x${code.toString(16)}` : unit)
    afterNumber = known === undefined ? byNumber : known === '\\x0'
  }
  return `"${escaped}"`
}

/** One value of an INI file of Qt. Pure. */
export function iniValue(value: IniValue): string {
  if (typeof value === 'string') return iniText(value)
  if (typeof value !== 'object') return String(value)
  return value.length === 0 ? '@Invalid()' : value.map(iniText).join(', ')
}

/** An INI file of Qt from its sections; the names of keys are ours, and written as they are. Pure. */
export function iniFile(sections: Readonly<Record<string, Readonly<Record<string, IniValue>>>>): string {
  const blocks = Object.entries(sections).map(([name, values]) =>
    [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key}=${iniValue(value)}`)].join('\n'),
  )
  return `${blocks.join('\n\n')}\n`
}
