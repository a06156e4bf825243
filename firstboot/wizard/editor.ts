import type { Key } from '../terminal/keys.ts'

/** A line of text while it is typed; `cursor` counts characters from the start, up to the length. */
export interface Editing {
  readonly text: string
  readonly cursor: number
}

/** What may be typed. */
export interface Allowed {
  /** Matches one character that may be in the text. */
  readonly accepts: RegExp
  /** How many characters at most. */
  readonly limit: number
}

/** What a key does to the text; null when the key is not about text. A refused character leaves everything as it is. */
export function edit({ text, cursor }: Editing, key: Key, allowed: Allowed): Editing | null {
  const chars = Array.from(text)
  const at = Math.max(0, Math.min(cursor, chars.length))
  const joined = (left: readonly string[], right: readonly string[]) => ({
    text: [...left, ...right].join(''),
    cursor: left.length,
  })
  switch (key.name) {
    case 'char':
      return insert(key.char)
    case 'paste':
      return insert(key.text.trim())
    case 'left':
      return { text, cursor: Math.max(0, at - 1) }
    case 'right':
      return { text, cursor: Math.min(chars.length, at + 1) }
    case 'home':
      return { text, cursor: 0 }
    case 'end':
      return { text, cursor: chars.length }
    case 'backspace':
      return at === 0 ? { text, cursor: 0 } : joined(chars.slice(0, at - 1), chars.slice(at))
    case 'delete':
      return joined(chars.slice(0, at), chars.slice(at + 1))
    case 'clear':
      return { text: '', cursor: 0 }
    default:
      return null
  }

  function insert(added: string): Editing {
    const fitting = Array.from(added)
      .filter(char => allowed.accepts.test(char))
      .slice(0, Math.max(0, allowed.limit - chars.length))
    return joined([...chars.slice(0, at), ...fitting], chars.slice(at))
  }
}

/** The part of a text that a field of `width` cells shows, with the cursor in it; `…` stands where it is cut. */
export function viewOf({ text, cursor }: Editing, width: number): { readonly shown: string; readonly cursor: number } {
  const chars = Array.from(text)
  // One cell stays free for the cursor behind the last character.
  if (chars.length < width) return { shown: text, cursor: Math.min(cursor, chars.length) }
  const from = Math.max(0, Math.min(cursor - Math.floor(width / 2), chars.length + 1 - width))
  const shown = chars.slice(from, from + width)
  if (from > 0) shown[0] = '…'
  if (from + width < chars.length) shown[width - 1] = '…'
  return { shown: shown.join(''), cursor: cursor - from }
}
