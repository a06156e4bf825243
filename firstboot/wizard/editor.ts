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
  if (key.name === 'char' || key.name === 'paste') {
    return insert({ text, cursor }, key.name === 'char' ? key.char : key.text.trim(), allowed)
  }
  const chars = Array.from(text)
  return moves[key.name]?.(chars, Math.min(cursor, chars.length)) ?? null
}

type Move = (chars: readonly string[], cursor: number) => Editing

const editing = (left: readonly string[], right: readonly string[]): Editing => ({
  text: [...left, ...right].join(''),
  cursor: left.length,
})

const moves: Readonly<Partial<Record<Key['name'], Move>>> = {
  left: (chars, at) => ({ text: chars.join(''), cursor: Math.max(0, at - 1) }),
  right: (chars, at) => ({ text: chars.join(''), cursor: Math.min(chars.length, at + 1) }),
  home: chars => ({ text: chars.join(''), cursor: 0 }),
  end: chars => ({ text: chars.join(''), cursor: chars.length }),
  backspace: (chars, at) => editing(chars.slice(0, Math.max(0, at - 1)), chars.slice(at)),
  delete: (chars, at) => editing(chars.slice(0, at), chars.slice(at + 1)),
  clear: () => ({ text: '', cursor: 0 }),
}

function insert({ text, cursor }: Editing, added: string, { accepts, limit }: Allowed): Editing {
  const chars = Array.from(text)
  const fitting = Array.from(added)
    .filter(char => accepts.test(char))
    .slice(0, Math.max(0, limit - chars.length))
  return editing([...chars.slice(0, cursor), ...fitting], chars.slice(cursor))
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
