import { type Form, isSecret, valueOf } from './form.ts'
import type { ButtonItem, Item, OptionItem, PickerItem, TextItem } from './page.ts'
import type { Choice } from './rules.ts'

/** An empty line. */
export const gap: Item = { type: 'gap' }

/** A paragraph. */
export const note = (words: string, indent = 1): Item => ({ type: 'note', words, indent })

/** The question of a page. */
export const question = (words: string): Item => ({ type: 'note', words, strong: true, indent: 1 })

type OptionMore = Pick<OptionItem, 'destroys' | 'refused' | 'details'>

/** One value of a field. */
export const option = (form: Form, field: string, value: string, label: string, more: OptionMore = {}): OptionItem => ({
  type: 'option',
  field,
  value,
  label,
  chosen: valueOf(form, field) === value,
  ...more,
})

/** Something that is on or off. */
export const tick = (form: Form, field: string, label: string, usual: 'yes' | 'no', details: string[]): OptionItem => ({
  type: 'option',
  field,
  value: 'yes',
  label,
  chosen: (valueOf(form, field) || usual) === 'yes',
  many: true,
  details,
})

/** Any visible character of ASCII. */
export const visible = /^[!-~]$/

/** Any character of ASCII, and blanks. */
export const printable = /^[ -~]$/

type TextMore = Partial<Pick<TextItem, 'accepts' | 'limit' | 'optional' | 'hint' | 'check' | 'takes' | 'aside'>>

/** A line to type into; `problemOf` judges what was typed, without blanks at its ends. */
export function text(
  form: Form,
  field: string,
  label: string,
  problemOf: (typed: string) => string | null,
  more: TextMore = {},
): TextItem {
  const value = valueOf(form, field)
  return {
    type: 'text',
    field,
    label,
    value,
    secret: isSecret(field),
    accepts: visible,
    limit: 200,
    optional: false,
    problem: value === '' ? null : problemOf(value.trim()),
    ...more,
  }
}

/** A value out of a list. */
export const picker = (
  form: Form,
  field: string,
  label: string,
  choices: readonly Choice[],
  optional = false,
): PickerItem => ({ type: 'picker', field, label, value: valueOf(form, field), choices, optional })

/** Something to do with Enter. */
export const button = (id: ButtonItem['id'], label: string, removes = false): ButtonItem => ({
  type: 'button',
  id,
  label,
  removes,
})
