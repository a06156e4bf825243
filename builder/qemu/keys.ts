/** A key by the name printed on it, as far as the screens use it. */
export type Key = keyof typeof KEYS

interface KeyCodes {
  /** What a terminal sends. */
  readonly sequence: string
  /** What QEMU's keyboard calls it. */
  readonly qcode: string
}

const KEYS = {
  enter: { sequence: '\r', qcode: 'ret' },
  escape: { sequence: '\x1b', qcode: 'esc' },
  space: { sequence: ' ', qcode: 'spc' },
  tab: { sequence: '\t', qcode: 'tab' },
  backspace: { sequence: '\x7f', qcode: 'backspace' },
  up: { sequence: '\x1b[A', qcode: 'up' },
  down: { sequence: '\x1b[B', qcode: 'down' },
  right: { sequence: '\x1b[C', qcode: 'right' },
  left: { sequence: '\x1b[D', qcode: 'left' },
  home: { sequence: '\x1b[H', qcode: 'home' },
  end: { sequence: '\x1b[F', qcode: 'end' },
  pageup: { sequence: '\x1b[5~', qcode: 'pgup' },
  pagedown: { sequence: '\x1b[6~', qcode: 'pgdn' },
  f1: { sequence: '\x1bOP', qcode: 'f1' },
  f2: { sequence: '\x1bOQ', qcode: 'f2' },
  f4: { sequence: '\x1bOS', qcode: 'f4' },
  f10: { sequence: '\x1b[21~', qcode: 'f10' },
} as const satisfies Record<string, KeyCodes>

/** The bytes that a terminal sends for a key. */
export const keySequence = (key: Key): string => KEYS[key].sequence

/** The name of a key in QEMU's monitor. */
export const keyQcode = (key: Key): string => KEYS[key].qcode

const SHIFTED = new Map(
  Object.entries({
    '!': '1',
    '@': '2',
    '#': '3',
    $: '4',
    '%': '5',
    '^': '6',
    '&': '7',
    '*': '8',
    '(': '9',
    ')': '0',
    _: 'minus',
    '+': 'equal',
    ':': 'semicolon',
    '"': 'apostrophe',
    '<': 'comma',
    '>': 'dot',
    '?': 'slash',
    '|': 'backslash',
    '{': 'bracket_left',
    '}': 'bracket_right',
    '~': 'grave_accent',
  }),
)
const PLAIN = new Map(
  Object.entries({
    ' ': 'spc',
    '-': 'minus',
    '=': 'equal',
    ';': 'semicolon',
    "'": 'apostrophe',
    ',': 'comma',
    '.': 'dot',
    '/': 'slash',
    '\\': 'backslash',
    '[': 'bracket_left',
    ']': 'bracket_right',
    '`': 'grave_accent',
    '\n': 'ret',
    '\t': 'tab',
  }),
)

/** The keys of a US keyboard that, held together, make one character. */
export function characterQcodes(character: string): string[] {
  if (/^[a-z0-9]$/.test(character)) return [character]
  if (/^[A-Z]$/.test(character)) return ['shift', character.toLowerCase()]
  const plain = PLAIN.get(character)
  if (plain !== undefined) return [plain]
  const shifted = SHIFTED.get(character)
  if (shifted !== undefined) return ['shift', shifted]
  throw new RangeError(`no key of a US keyboard types ${JSON.stringify(character)}`)
}
