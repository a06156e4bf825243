/** A key that the screens know, a printable character, pasted text, or the terminal's answer to "where is the cursor?". */
export type Key =
  | { readonly name: KeyName }
  | { readonly name: 'char'; readonly char: string }
  /** Without control characters but line feeds. Only terminals with bracketed paste tell it from typing. */
  | { readonly name: 'paste'; readonly text: string }
  | { readonly name: 'position'; readonly row: number; readonly column: number }

export type KeyName =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'pageup'
  | 'pagedown'
  | 'enter'
  | 'escape'
  | 'tab'
  | 'backtab'
  | 'backspace'
  | 'delete'
  | 'clear'
  | 'reveal'
  | 'redraw'
  | 'interrupt'
  | 'f1'
  | 'f2'
  | 'f3'
  | 'f4'
  | 'f5'
  | 'f6'
  | 'f7'
  | 'f8'
  | 'f9'
  | 'f10'
  | 'f11'
  | 'f12'

// After ESC. Linux console: console_codes(4). xterm and vt220: XTerm Control Sequences, "PC-Style Function Keys" and
// "VT220-Style Function Keys".
const sequences: Readonly<Record<string, KeyName>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  '[H': 'home',
  '[F': 'end',
  OH: 'home',
  OF: 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[7~': 'home',
  '[8~': 'end',
  '[5~': 'pageup',
  '[6~': 'pagedown',
  '[3~': 'delete',
  '[Z': 'backtab',
  '[[A': 'f1',
  '[[B': 'f2',
  '[[C': 'f3',
  '[[D': 'f4',
  '[[E': 'f5',
  OP: 'f1',
  OQ: 'f2',
  OR: 'f3',
  OS: 'f4',
  '[P': 'f1',
  '[Q': 'f2',
  '[S': 'f4',
  '[11~': 'f1',
  '[12~': 'f2',
  '[13~': 'f3',
  '[14~': 'f4',
  '[15~': 'f5',
  '[17~': 'f6',
  '[18~': 'f7',
  '[19~': 'f8',
  '[20~': 'f9',
  '[21~': 'f10',
  '[23~': 'f11',
  '[24~': 'f12',
  OM: 'enter',
}

const controls: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x0c': 'redraw',
  '\x03': 'interrupt',
  '\x12': 'reveal',
  '\x15': 'clear',
  // For keyboards and lines that do not bring function keys across.
  '\x1a': 'f2',
  '\x14': 'f4',
}

/** Asks the terminal to mark pasted text, and not to any more: XTerm Control Sequences, "Bracketed Paste Mode". */
export const pasteMarks = { on: '\x1b[?2004h', off: '\x1b[?2004l' } as const

const pasteStart = '\x1b[200~'
const pasteEnd = '\x1b[201~'

// oxlint-disable no-control-regex -- ESC is what these are about.
const sequenceShape = /^\x1b(?:\[\[[A-E]|\[[0-?]*[ -/]*[@-Z\\-~]|O[A-Za-z])/
const unfinishedShape = /^\x1b(?:\[\[?|\[[0-?]*[ -/]*|O)?$/

/** Splits what was typed into keys. `rest` is the beginning of a sequence whose end has not come yet. */
export function decodeKeys(input: string): { keys: Key[]; rest: string } {
  const keys: Key[] = []
  let left = input
  while (left !== '') {
    if (left.startsWith(pasteStart)) {
      const end = left.indexOf(pasteEnd)
      if (end < 0) return { keys, rest: left }
      keys.push(pasted(left.slice(pasteStart.length, end)))
      left = left.slice(end + pasteEnd.length)
    } else if (left.startsWith('\x1b')) {
      const sequence = sequenceShape.exec(left)?.[0]
      if (sequence === undefined && unfinishedShape.test(left)) return { keys, rest: left }
      if (sequence === undefined) keys.push({ name: 'escape' })
      else keys.push(...keyOf(sequence.slice(1)))
      left = left.slice(sequence?.length ?? 1)
    } else {
      const char = String.fromCodePoint(left.codePointAt(0) ?? 0)
      const control = controls[char]
      if (control !== undefined) keys.push({ name: control })
      else if (char >= ' ') keys.push({ name: 'char', char })
      left = left.slice(char.length)
    }
  }
  return { keys, rest: '' }
}

/** What an unfinished sequence means when nothing follows: ESC alone is Escape, a paste is what came, else it is noise. */
export function decodeRest(rest: string): Key[] {
  if (rest.startsWith(pasteStart)) return [pasted(rest.slice(pasteStart.length).replace(/\x1b.*$/, ''))]
  return rest === '\x1b' ? [{ name: 'escape' }] : []
}

const pasted = (text: string): Key => ({
  name: 'paste',
  text: Array.from(text.replace(/\r\n?/g, '\n'))
    .filter(char => char === '\n' || char >= ' ')
    .join(''),
})

// Modifiers (`[1;5A`, `[21;2~`) do not matter here.
function keyOf(sequence: string): Key[] {
  const position = /^\[(\d+);(\d+)R$/.exec(sequence)
  if (position) return [{ name: 'position', row: Number(position[1]), column: Number(position[2]) }]
  const name = sequences[sequence] ?? sequences[sequence.replace(/^\[1;\d+/, '[').replace(/;\d+~$/, '~')]
  return name === undefined ? [] : [{ name }]
}
