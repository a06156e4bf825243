import type { AnswersJsonSchema } from './json-schema.ts'

const width = 100

const head = [
  '# yaml-language-server: $schema=mediaserver.schema.json',
  '#',
  '# ANSWERS FOR THE SET-UP OF THE MEDIA SERVER',
  '#',
  '# Nothing has to be written here: what is missing or empty is asked for on the screen.',
  '#',
  '# Lines that begin with # do nothing. To give an answer, take away the # at the beginning of its',
  '# line, and write the answer behind the colon and a space. Where lines are further in, also take',
  '# away the # of the line above that they belong to. Keep the spaces at the beginning of lines.',
  '# An answer with a colon, a # or quotes in it is written between quotes: "like this".',
  '#',
  '# What is marked SECRET is taken out of this file once the set-up has used it.',
]

/** What lies below a schema that may be left empty. */
const inside = (schema: AnswersJsonSchema): AnswersJsonSchema =>
  schema.anyOf?.find(choice => choice.type !== 'null' && choice.const === undefined) ?? schema

/** The one setting that is there from the start: it only says what happens anyway. */
const harmless = 'unattended'

/** `mediaserver.yaml` as it lies on a new stick: all questions, explained and commented out; for Notepad, with CRLF. */
export function answersTemplate(schema: AnswersJsonSchema): string {
  const lines = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => [
    '',
    ...wrap(property.description ?? '', '# '),
    ...settings(key, property, '').map(line => (key === harmless ? line : `#${line}`)),
  ])
  return [...head, ...lines, ''].join('\r\n')
}

/** A key with what lies below it, as it would be written, and with a remark behind each key that is further in. */
function settings(key: string, property: AnswersJsonSchema, indent: string): string[] {
  const shape = inside(property)
  const value = String(property.examples?.[0] ?? '')
  const first = `${indent}${key}:${value === '' ? '' : ` ${value}`}`
  if (shape.type === 'object') return [first, ...below(shape, `${indent}  `)]
  if (shape.type !== 'array' || value !== '') return [first]
  const item = shape.items === undefined ? undefined : inside(shape.items)
  if (item?.type !== 'object') return [first, `${indent}  -`]
  const [head_ = '', ...rest] = below(item, `${indent}    `)
  return [first, `${indent}  - ${head_.trimStart()}`, ...rest]
}

function below(shape: AnswersJsonSchema, indent: string): string[] {
  return Object.entries(shape.properties ?? {}).flatMap(([key, property]) => {
    const [first = '', ...rest] = settings(key, property, indent)
    const remark = property.description ?? ''
    const column = 26
    const behind = `${first.padEnd(column)} # ${remark}`
    if (behind.length < width) return [behind, ...rest]
    const [start = '', ...more] = wrap(remark, '', width - column - 3)
    return [`${first.padEnd(column)} # ${start}`, ...more.map(text => `${' '.repeat(column)} # ${text}`), ...rest]
  })
}

/** A text in lines of at most `columns`, each with a prefix. */
function wrap(text: string, prefix: string, columns = width): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && prefix.length + line.length + 1 + word.length > columns) {
      lines.push(prefix + line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, prefix + line]
}
