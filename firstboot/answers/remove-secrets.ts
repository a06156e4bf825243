import { isMap, isScalar, isSeq, Lexer } from 'yaml'
import type { YamlText } from '../text/yaml-text.ts'
import { readTree } from './file.ts'

// Everything that is not known to be public is a secret: a key with a slip in it may hold one too.
const publicPaths = new Set(
  (
    'unattended language keyboard timezone hostname user sshKeys network.mode network.interface network.address ' +
    'network.gateway network.dns wifi.name wifi.country disks.system.serial disks.system.erase disks.media.serial ' +
    'disks.media.use disks.media.erase vpn.country domain.name domain.provider domain.email services'
  ).split(' '),
)

// What a token, a WireGuard key and a claim look like, should one stand in a comment.
const secretShapes = /\b[0-9a-fA-F]{64}\b|(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=|\bclaim-[A-Za-z0-9_-]{8,}/g

interface Range {
  readonly start: number
  readonly end: number
  readonly instead: string
}

/**
 * A file of answers without its secrets: each value is taken out, and a comment at the top says when and why. All else
 * stays as it is, to the letter. Gives the text itself where there is none, and null where it is no YAML.
 *
 * @param day as people read it, for instance `2026-10-03`.
 */
export function removeSecrets(text: string, day: string): string | null {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const body = text.slice(mark.length)
  const read = readTree(body)
  if ('faults' in read) return null
  const values = secretsOf(read.yaml)
  const secrets = values.map(({ value }) => value)
  const ranges = [
    ...values.map(({ start, end }) => ({ start, end, instead: /(\r?\n)\s*$/.exec(body.slice(start, end))?.[1] ?? '' })),
    ...secretsInComments(body, secrets),
  ]
  if (ranges.length === 0) return text
  const end = body.includes('\r\n') ? '\r\n' : '\n'
  const note = `# The secrets were taken out of this file on ${day}, because they have been used. What is empty is asked for.${end}`
  return mark + note + replaced(body, ranges)
}

function replaced(body: string, ranges: readonly Range[]): string {
  let text = body
  for (const { start, end, instead } of [...ranges].sort((a, b) => b.start - a.start))
    text = text.slice(0, start) + instead + text.slice(end)
  return text
}

interface Found {
  readonly start: number
  readonly end: number
  readonly value: string
}

/** Every value that is not public and not empty, with its place. */
function secretsOf({ document }: YamlText): Found[] {
  const found: Found[] = []
  const walk = (node: unknown, path: readonly string[]): void => {
    if (isMap(node))
      for (const { key, value } of node.items) walk(value, [...path, isScalar(key) ? String(key.value) : ''])
    if (isSeq(node)) for (const item of node.items) walk(item, path)
    if (!isScalar(node) || publicPaths.has(path.join('.'))) return
    const [start, end] = node.range ?? [0, 0]
    if (end > start && !(path.length === 1 && node.value === 'none'))
      found.push({ start, end, value: String(node.value) })
  }
  walk(document.contents, [])
  return found
}

/** Places in comments where a secret of the file stands once more, or what looks like one. */
function secretsInComments(body: string, secrets: readonly string[]): Range[] {
  // A short one would hit ordinary words.
  const telling = secrets.filter(secret => secret.length >= 8)
  return commentsOf(body).flatMap(({ start, value }) => {
    const hits = [
      ...[...value.matchAll(secretShapes)].map(match => ({ at: match.index, length: match[0].length })),
      ...telling.flatMap(secret => indexesOf(value, secret).map(at => ({ at, length: secret.length }))),
    ].sort((a, b) => a.at - b.at || b.length - a.length)
    return merged(hits).map(({ at, length }) => ({
      start: start + at,
      end: start + at + length,
      instead: '(taken out)',
    }))
  })
}

function indexesOf(text: string, part: string): number[] {
  const indexes: number[] = []
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) indexes.push(at)
  return indexes
}

interface Hit {
  readonly at: number
  readonly length: number
}

/** Hits in their order, with those made one that overlap. */
function merged(hits: readonly Hit[]): Hit[] {
  const result: Hit[] = []
  for (const hit of hits) {
    const last = result.at(-1)
    if (last === undefined || hit.at >= last.at + last.length) result.push(hit)
    else result[result.length - 1] = { at: last.at, length: Math.max(last.length, hit.at + hit.length - last.at) }
  }
  return result
}

/** The comments of a YAML text. */
function commentsOf(body: string): { readonly start: number; readonly value: string }[] {
  const comments: { start: number; value: string }[] = []
  let at = 0
  let before = ''
  // The lexer gives the text piece by piece, with marks of one control character between (yaml's documentation, "Lexer").
  for (const piece of new Lexer().lex(body)) {
    const isMark = ['\x02', '\x18', '\x1f'].includes(piece)
    if (piece.startsWith('#') && before !== '\x1f') comments.push({ start: at, value: piece })
    if (!isMark) at += piece.length
    before = piece
  }
  return comments
}
