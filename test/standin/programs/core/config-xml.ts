import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const decode = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '')
const encode = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** The settings in a `config.xml`. Throws for a file that is none: the real programs do not start with one either. */
export function parseConfigXml(text: string): Map<string, string> {
  const inner = /^\s*(?:<\?xml[^>]*\?>)?\s*<Config>([\s\S]*)<\/Config>\s*$/.exec(text)?.[1]
  if (inner === undefined) throw new Error('config.xml is corrupt')
  const values = new Map<string, string>()
  const rest = inner.replace(/<([A-Za-z]+)(?:\s*\/>|>([^<]*)<\/\1>)/g, (_, tag: string, value = '') => {
    values.set(tag, decode(value as string))
    return ''
  })
  if (rest.trim() !== '') throw new Error('config.xml is corrupt')
  return values
}

/** Reads `config.xml` of a folder, and makes it where there is none, with a key of its own, as the real programs do. */
export function openConfigXml(folder: string, first: Readonly<Record<string, string>>): Map<string, string> {
  const path = join(folder, 'config.xml')
  let values = new Map<string, string>()
  try {
    values = parseConfigXml(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const all = new Map([...Object.entries({ ApiKey: randomBytes(16).toString('hex'), ...first }), ...values])
  if (all.size > values.size) writeConfigXml(folder, all)
  return all
}

/** Writes it back. */
export function writeConfigXml(folder: string, values: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true })
  const lines = [...values].map(([tag, value]) => `  <${tag}>${encode(value)}</${tag}>`)
  writeFileSync(join(folder, 'config.xml'), `<Config>\n${lines.join('\n')}\n</Config>\n`)
}
