import { cell, fit, line, type Line, wrap } from '../terminal/lines.ts'
import { checkWords, type Checks } from '../wizard/checks.ts'
import { viewOf } from '../wizard/editor.ts'
import { matching } from '../wizard/lists.ts'
import {
  type ButtonItem,
  type Item,
  nameOf,
  type OptionItem,
  type Page,
  type PickerItem,
  type RowItem,
  type TextItem,
} from '../wizard/page.ts'
import type { Body, Cursor } from './frame.ts'

/** What the look of a page depends on besides its items. */
export interface Looks {
  readonly width: number
  /** The name of the item with the focus. */
  readonly focus: string
  readonly cursor: number
  readonly filter: string
  readonly highlight: number
  readonly revealed: boolean
  readonly checks: Checks
  /** Lines of the list that opens below a picker. */
  readonly listLength: number
}

interface Drawn {
  readonly lines: Line[]
  readonly cursor?: Cursor
}

interface Columns {
  /** Cells of the labels; 0 where fields stand below them. */
  readonly label: number
  /** Cells of the widest hint on the page, so that all fields end at the same place. */
  readonly hint: number
}

/** A page as lines, with the place of the focus and of the cursor. */
export function pageBody(page: Page, looks: Looks): Body {
  const lines: Line[] = []
  const label = labelWidth(page, looks.width)
  const hint = Math.max(0, ...page.items.map(item => (item.type === 'text' ? hintOf(item).length : 0)))
  let focus = { from: 0, to: 0 }
  let cursor: Cursor | null = null
  for (const item of page.items) {
    const drawn = drawItem(item, looks, { label, hint })
    if (item.type !== 'note' && item.type !== 'gap' && item.type !== 'check' && nameOf(item) === looks.focus) {
      focus = { from: lines.length, to: lines.length + Math.max(1, drawn.lines.length) - 1 }
      if (drawn.cursor !== undefined) cursor = { ...drawn.cursor, row: lines.length + drawn.cursor.row }
    }
    lines.push(...drawn.lines)
  }
  return { lines, focus: withContext(focus, page, looks, lines.length), cursor }
}

// With the focus on the first item the question is shown too, and with the focus on the last one what follows it.
function withContext(focus: Body['focus'], page: Page, looks: Looks, length: number): Body['focus'] {
  const names = page.items.flatMap(item =>
    item.type === 'note' || item.type === 'gap' || item.type === 'check' ? [] : [nameOf(item)],
  )
  return looks.focus === names.at(-1) && names.length > 1 ? { from: focus.from, to: length - 1 } : focus
}

function labelWidth(page: Page, width: number): number {
  const labels = page.items.flatMap(item =>
    item.type === 'text' || item.type === 'picker' || item.type === 'row' ? [item.label.length] : [],
  )
  return width < 60 ? 0 : Math.min(24, Math.max(12, ...labels))
}

function drawItem(item: Item, looks: Looks, { label, hint }: Columns): Drawn {
  switch (item.type) {
    case 'gap':
      return { lines: [line('')] }
    case 'note':
      return { lines: paragraph(item.words, item.indent ?? 1, looks.width, item.strong === true) }
    case 'check': {
      const words = checkWords(looks.checks, item.id)
      return { lines: words === null ? [] : paragraph(words, 3, looks.width, false) }
    }
    case 'option':
      return drawOption(item, looks)
    case 'text':
      return drawText(item, looks, { label, hint })
    case 'picker':
      return drawPicker(item, looks, label)
    case 'button':
      return drawButton(item, looks)
    case 'row':
      return drawRow(item, looks, label)
  }
}

const paragraph = (words: string, indent: number, width: number, strong: boolean): Line[] =>
  wrap(words, ' '.repeat(width < 60 ? Math.min(indent, 3) : indent), width).map(text =>
    line(text, strong ? 'strong' : 'normal'),
  )

const mark = (focused: boolean): string => (focused ? ' ▶ ' : '   ')

function drawOption(item: OptionItem, looks: Looks): Drawn {
  const focused = nameOf(item) === looks.focus
  const [open, close] = item.many ? ['[', ']'] : ['(', ')']
  const refused = item.refused ?? null
  const state = refused === null ? `${open}${item.chosen ? '●' : ' '}${close}` : ' – '
  const [first = '', ...rest] = wrap(item.label, ' '.repeat(7), looks.width)
  const details = [...(item.details ?? []), ...(refused === null ? [] : [`cannot be chosen: ${refused}`])]
  return {
    lines: [
      line(`${mark(focused)}${state} ${first.trimStart()}${focused ? ' ' : ''}`, focused ? 'chosen' : 'normal'),
      ...rest.map(text => line(text)),
      ...details.flatMap(words => paragraph(words, 7, looks.width, false)),
    ],
  }
}

function drawButton(item: ButtonItem, looks: Looks): Drawn {
  const focused = nameOf(item) === looks.focus
  const [first = '', ...rest] = wrap(item.label, '   ', looks.width)
  return {
    lines: [
      line(`${mark(focused)}${first.trimStart()}${focused ? ' ' : ''}`, focused ? 'chosen' : 'normal'),
      ...rest.map(text => line(text)),
    ],
  }
}

const hintOf = (item: TextItem): string => {
  const count = Array.from(item.value).length
  return item.secret && count > 0 ? `${count} ${count === 1 ? 'character' : 'characters'}` : (item.hint ?? '')
}

function drawText(item: TextItem, looks: Looks, { label, hint: widest }: Columns): Drawn {
  const focused = nameOf(item) === looks.focus
  const count = Array.from(item.value).length
  const masked = item.secret && !looks.revealed
  const hint = hintOf(item)
  const column = label === 0 ? 3 : 3 + label + 2
  const beside = label > 0 && hint !== ''
  const room = looks.width - column - (label > 0 && widest > 0 ? widest + 2 : 0) - 1
  const width = Math.max(1, Math.min(item.limit + 1, 46, Math.max(8, room)))
  const text = masked ? '•'.repeat(count) : item.value
  const view = viewOf({ text, cursor: focused ? Math.min(looks.cursor, count) : 0 }, width)
  const field = view.shown + '_'.repeat(Math.max(0, width - Array.from(view.shown).length))
  const rows =
    label === 0
      ? [line(`${mark(focused)}${item.label}${hint === '' ? '' : ` (${hint})`}`), line(`   ${field}`)]
      : [line(`${mark(focused)}${cell(item.label, label)}  ${field}${beside ? `  ${hint}` : ''}`)]
  const problem = item.problem === null ? [] : paragraph(`! ${item.problem}`, column, looks.width, true)
  const cursor = focused ? { row: rows.length - 1, column: column + view.cursor } : undefined
  return { lines: [...rows, ...problem], ...(cursor === undefined ? {} : { cursor }) }
}

function drawPicker(item: PickerItem, looks: Looks, label: number): Drawn {
  const focused = nameOf(item) === looks.focus
  const column = label === 0 ? 3 : 3 + label + 2
  const chosen = item.choices.find(choice => choice.value === item.value)
  const value = chosen?.words ?? (item.value === '' ? 'not chosen yet' : item.value)
  const head = label === 0 ? `${mark(focused)}${item.label}: ` : `${mark(focused)}${cell(item.label, label)}  `
  if (!focused) return { lines: [line(fit(`${head}${value}`, looks.width - 1))] }
  const found = matching(item.choices, looks.filter)
  const at = Math.min(looks.highlight, Math.max(0, found.length - 1))
  const from = Math.max(0, Math.min(at - Math.floor(looks.listLength / 2), found.length - looks.listLength))
  const rows = Array.from({ length: looks.listLength }, (_, index) => found[from + index])
  const indent = ' '.repeat(column)
  const list = rows.map((choice, index) => {
    if (choice === undefined) return line(found.length === 0 && index === 0 ? `${indent}nothing is called that` : '')
    const marked = from + index === at
    return line(`${indent}${marked ? '▶' : ' '} ${choice.words}${marked ? ' ' : ''}`, marked ? 'chosen' : 'normal')
  })
  const typed = `${looks.filter}${'_'.repeat(Math.max(0, 20 - looks.filter.length))}`
  const count = looks.filter === '' ? `now: ${value}` : `${found.length} found`
  return {
    lines: [line(fit(`${head}${typed}  ${count}`, looks.width - 1)), ...list],
    cursor: { row: 0, column: head.length + looks.filter.length },
  }
}

function drawRow(item: RowItem, looks: Looks, label: number): Drawn {
  const focused = nameOf(item) === looks.focus
  const column = label === 0 ? 5 : 3 + label + 2
  const room = looks.width - (label === 0 ? 0 : item.from.length + 2)
  const all = item.lines.flatMap(words => wrap(words, ' '.repeat(column), room))
  if (label === 0) {
    return {
      lines: [
        line(`${mark(focused)}${item.label} (${item.from})`, focused ? 'chosen' : 'normal'),
        ...all.map(text => line(text)),
      ],
    }
  }
  const [first = '', ...rest] = all
  const start = `${mark(focused)}${cell(item.label, label)}  ${first.trimStart()}`
  const whole = `${cell(start, looks.width - item.from.length - 2)} ${item.from} `
  return { lines: [line(whole, focused ? 'chosen' : 'normal'), ...rest.map(text => line(text))] }
}
