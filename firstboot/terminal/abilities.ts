/** Which characters a terminal can show: plain ASCII, what the fonts of the Linux console have, or most of Unicode. */
export type Charset = 'ascii' | 'console' | 'utf8'

/** What a screen may rely on. `columns` and `rows` are always usable numbers, at least 20×6. */
export interface Abilities {
  readonly charset: Charset
  readonly columns: number
  readonly rows: number
  /** Bold, reverse and dim text. Colour never carries a meaning alone. */
  readonly styles: boolean
  /** The terminal may know its size better than the kernel does, so ask it. True for serial lines. */
  readonly askSize: boolean
}

/** What is known about the terminal: its device, the kernel's window size (0×0 on most serial lines), TERM, locale. */
export interface TerminalFacts {
  readonly device: string
  readonly columns: number | undefined
  readonly rows: number | undefined
  readonly term: string | undefined
  readonly locale: string | undefined
}

const isConsole = (device: string) => /^\/dev\/(tty\d+|console)$/.test(device)
const isSerial = (device: string) => /^\/dev\/(tty(S|AMA|USB|ACM|HS)|hvc|xvc|hvsi)\d+$/.test(device)

/** What this terminal can do. The device decides; TERM only where there is a remote terminal behind a pseudo-terminal. */
export function abilitiesOf(facts: TerminalFacts): Abilities {
  const unknownSize = !facts.columns || !facts.rows
  const serial = isSerial(facts.device)
  return {
    charset: charsetOf(facts),
    columns: unknownSize ? 80 : Math.max(20, facts.columns ?? 80),
    rows: unknownSize ? 24 : Math.max(6, facts.rows ?? 24),
    styles: facts.term !== 'dumb' && !serial,
    askSize: serial || (unknownSize && facts.term !== 'dumb'),
  }
}

function charsetOf(facts: TerminalFacts): Charset {
  if (isConsole(facts.device)) return 'console'
  if (isSerial(facts.device)) return 'ascii'
  if (facts.term === 'linux') return 'console'
  if (!facts.term || /^(dumb|vt\d+)/.test(facts.term)) return 'ascii'
  return /utf-?8/i.test(facts.locale ?? '') ? 'utf8' : 'ascii'
}

/** The same terminal as a plain screen: ASCII and no styles, for anything that shows the rich one wrongly. */
export const asPlain = (abilities: Abilities): Abilities => ({ ...abilities, charset: 'ascii', styles: false })
