import type { CheckId } from './checks.ts'
import type { Choice } from './rules.ts'
import type { StepId } from './steps.ts'

/** What stands on a page, from top to bottom. */
export type Item =
  | { readonly type: 'note'; readonly words: string; readonly strong?: boolean; readonly indent?: number }
  | { readonly type: 'gap' }
  | OptionItem
  | TextItem
  | PickerItem
  | ButtonItem
  | RowItem
  /** What a live check found; nothing when it was not begun. */
  | { readonly type: 'check'; readonly id: CheckId }

/** One of several values of a field; with `many` it is on or off by itself (`yes` and `no`). */
export interface OptionItem {
  readonly type: 'option'
  readonly field: string
  readonly value: string
  readonly label: string
  readonly chosen: boolean
  readonly many?: boolean
  /** Choosing it will cost what is on a disk, so only Space chooses it. */
  readonly destroys?: boolean
  /** Why it cannot be chosen; the row stays visible. */
  readonly refused?: string | null
  readonly details?: readonly string[]
}

/** A line to type into. `problem` is what is wrong with it now. */
export interface TextItem {
  readonly type: 'text'
  readonly field: string
  readonly label: string
  readonly value: string
  /** Shown as dots until Ctrl-R. */
  readonly secret: boolean
  /** One character that may be in a value; what can never be valid cannot be typed. */
  readonly accepts: RegExp
  readonly limit: number
  /** An empty value is an answer too. */
  readonly optional: boolean
  readonly problem: string | null
  readonly hint?: string
  /** What is said when it is empty and must not be. */
  readonly missing?: string
  /** Looked up when the person leaves the field and its value is valid. */
  readonly check?: CheckId
  /** Enter does this with the value, instead of going on. */
  readonly takes?: ButtonId
  /** Only for trying; one does not have to come by it. */
  readonly aside?: boolean
}

/** A value out of a long list, found by typing. */
export interface PickerItem {
  readonly type: 'picker'
  readonly field: string
  readonly label: string
  readonly value: string
  readonly choices: readonly Choice[]
  readonly optional: boolean
}

/** Something that happens on Enter. With `removes` the row can be taken away with Delete. */
export interface ButtonItem {
  readonly type: 'button'
  readonly id: ButtonId
  readonly label: string
  readonly removes?: boolean
}

/** A section of the summary; Enter goes there. */
export interface RowItem {
  readonly type: 'row'
  readonly step: StepId
  readonly label: string
  readonly lines: readonly string[]
  /** Where the answers came from, in words. */
  readonly from: string
}

export type ButtonId =
  | 'add-key'
  | 'fetch-github'
  | 'use-github'
  | 'use-file'
  | `key:${number}`
  | 'go'
  | 'not-yet'
  | 'start'
  | `check:${CheckId}`

/** An item that can have the focus. */
export type Focusable = OptionItem | TextItem | PickerItem | ButtonItem | RowItem

/** One question of the wizard, worked out for the answers so far. */
export interface Page {
  readonly items: readonly Item[]
  /** What F1 explains, paragraph by paragraph. */
  readonly help: readonly string[]
  /** Why one cannot go on, besides empty or wrong fields; null when nothing is in the way. */
  readonly problem: string | null
}

/** Names an item of a page; the focus is kept by this name while the page changes. */
export function nameOf(item: Focusable): string {
  switch (item.type) {
    case 'option':
      return `option:${item.field}:${item.value}`
    case 'text':
      return `text:${item.field}`
    case 'picker':
      return `picker:${item.field}`
    case 'button':
      return `button:${item.id}`
    case 'row':
      return `row:${item.step}`
  }
}

/** The items that can have the focus, from top to bottom. Refused options can: their reason is read there. */
export const focusables = (page: Page): Focusable[] =>
  page.items.filter((item): item is Focusable => ['option', 'text', 'picker', 'button', 'row'].includes(item.type))

/** The item with the focus: the named one, else the one where a person would begin. */
export function focusOf(page: Page, focus: string): Focusable | undefined {
  const all = focusables(page)
  return all.find(item => nameOf(item) === focus) ?? beginning(all)
}

// The chosen value of the first group, or the first thing that can be done.
function beginning(all: readonly Focusable[]): Focusable | undefined {
  const first = all[0]
  if (first?.type !== 'option' || first.many) return first
  const group = all.filter(item => item.type === 'option' && item.field === first.field) as OptionItem[]
  return group.find(item => item.chosen) ?? group.find(item => !item.refused) ?? first
}

/** What keeps a person from going on: an answer that is still open, or one that is wrong. */
export interface Obstacle {
  readonly kind: 'open' | 'wrong'
  readonly at: Focusable | undefined
  readonly words: string
}

/** The first item that keeps the person from going on, with the sentence that says why; null when nothing does. */
export function obstacle(page: Page): Obstacle | null {
  const asked = new Set<string>()
  for (const item of focusables(page)) {
    if (item.type === 'text' && item.value === '' && !item.optional)
      return { kind: 'open', at: item, words: item.missing ?? `${item.label} is missing.` }
    if (item.type === 'text' && item.problem !== null) return { kind: 'wrong', at: item, words: item.problem }
    if (item.type === 'text' && item.takes === 'add-key' && item.value.trim() !== '')
      return {
        kind: 'wrong',
        at: item,
        words: 'This key was not taken yet: press Enter here, or empty the line with Ctrl-U.',
      }
    if (item.type === 'picker' && item.value === '' && !item.optional)
      return { kind: 'open', at: item, words: `${item.label} is missing: type to find it in the list.` }
    if (item.type === 'option' && !item.many && !asked.has(item.field)) {
      asked.add(item.field)
      const group = focusables(page).filter(each => each.type === 'option' && each.field === item.field)
      const open = (group as OptionItem[]).filter(each => !each.refused)
      if (open.length > 0 && !open.some(each => each.chosen))
        return { kind: 'open', at: open[0], words: 'Choose with Space first, then press Enter.' }
    }
  }
  return page.problem === null ? null : { kind: 'open', at: undefined, words: page.problem }
}
