import { schemaFaults, type Fault } from '../text/schema-faults.ts'
import { parseYamlText, type Position, positionOf, positionOfKey, type YamlText } from '../text/yaml-text.ts'
import { type Tree, treeOf, treeOptions } from '../text/yaml-tree.ts'
import type { Answers, Draft, Source } from './answers.ts'
import { answersFrom, type TreeFault, uniqueKeys, withoutNone } from './from-tree.ts'
import type { Known } from './known.ts'
import { sshKeyFault } from './rules/ssh-key.ts'
import { AnswersFile } from './schema.ts'
import { syntaxWords } from './syntax.ts'

/** A file with its name, as messages call it. */
export interface NamedText {
  readonly file: string
  readonly text: string
}

/** What lies on CONFIG: answers, and public SSH keys beside them. */
export interface AnswersSource {
  readonly answers: NamedText
  readonly authorizedKeys?: NamedText
}

/** One fault of a file, with its place and mend. It repeats nothing that may be a secret. */
export interface AnswersProblem extends Position {
  readonly file: string
  readonly words: string
}

/** A file without faults. */
export interface ReadAnswers {
  readonly draft: Draft
  /** Set up without asking; only if nothing is `missing`. */
  readonly unattended: boolean
  /** Identities of the disks that the file agrees to erase; the plan must erase no other. */
  readonly eraseConsent: readonly string[]
  /** What has to be asked: what cannot be guessed, and what the file leaves empty on purpose. */
  readonly missing: readonly (keyof Answers)[]
  /** What is there all the same of those that are missing in part, so that it need not be typed again. */
  readonly halves: Partial<Answers>
}

/** Answers that have no default. */
export const neededAnswers = ['systemDisk', 'user', 'sshKeys'] as const satisfies readonly (keyof Answers)[]

/** Far more than anybody writes; keeps the parser from working on a wrong file. */
const longest = 256 * 1024

/** Reads an answers file. Every fault of it is told at once; a key that is not known is a fault. Never throws. */
export function readAnswers(
  source: AnswersSource,
  known: Known = {},
): ReadAnswers | { readonly problems: readonly AnswersProblem[] } {
  const { file, text } = source.answers
  const read = readTree(text)
  const keys = readAuthorizedKeys(source.authorizedKeys)
  if ('faults' in read) return { problems: [...read.faults.map(fault => inFile(file, fault)), ...keys.problems] }
  const { yaml, tree } = read
  const from = answersFrom(tree, known)
  const problems = [...shapeFaults(yaml, tree), ...from.faults.map(fault => placed(yaml, fault))]
    .sort((a, b) => a.position.line - b.position.line || a.position.col - b.position.col)
    .map(fault => inFile(file, fault))
  if (problems.length + keys.problems.length > 0) return { problems: [...problems, ...keys.problems] }

  const sshKeys = uniqueKeys([...(from.answers.sshKeys ?? []), ...keys.lines])
  const answers: Partial<Answers> = { ...from.answers, ...(sshKeys.length === 0 ? {} : { sshKeys }) }
  const isMissing = (key: keyof Answers): boolean => !Object.hasOwn(answers, key)
  const missing = new Set([...neededAnswers, ...from.open].filter(isMissing))
  return {
    draft: { answers, sources: Object.fromEntries(Object.keys(answers).map(key => [key, 'file' satisfies Source])) },
    unattended: from.unattended,
    eraseConsent: from.eraseConsent,
    missing: [...missing],
    halves: from.halves,
  }
}

/** A problem as one line: `mediaserver.yaml:7:11: ...`. */
export const problemLine = ({ file, line, col, words }: AnswersProblem): string => `${file}:${line}:${col}: ${words}`

const inFile = (file: string, { position, words }: Fault): AnswersProblem => ({ file, ...position, words })

const atStart = (words: string) => ({ faults: [{ position: { line: 1, col: 1 }, words }] })

/** The values of a text, or every fault of its syntax. */
export function readTree(
  text: string,
): { readonly yaml: YamlText; readonly tree: Tree } | { readonly faults: readonly Fault[] } {
  if (text.includes('\0')) return atStart('This is not a text file. Save it as text, in UTF-8.')
  if (text.length > longest) return atStart('This file is too long to be answers. Compare it with the template.')
  let yaml: YamlText
  let values: ReturnType<typeof treeOf>
  try {
    yaml = parseYamlText(text.replace(/^\uFEFF/, ''), treeOptions)
    values = treeOf(yaml)
  } catch (error) {
    // Brackets in brackets without end exhaust the stack of the parser.
    if (error instanceof RangeError)
      return atStart('Brackets are nested too deeply in this file. Compare it with the template.')
    throw error
  }
  const { document, lines } = yaml
  const syntax = [...document.errors, ...document.warnings].map(fault => ({
    position: lines.linePos(fault.pos[0]),
    words: syntaxWords(fault.code),
  }))
  // One fault makes the parser stumble over the rest of its line.
  const first = syntax.filter(
    (fault, index) => syntax.findIndex(each => each.position.line === fault.position.line) === index,
  )
  if (first.length > 0) return { faults: first }
  if (values.faults.length > 0) return { faults: values.faults }
  const { tree } = values
  if (typeof tree === 'string' || Array.isArray(tree))
    return atStart('This file has no answers in it. Each is a line like "key: value", with a space behind the colon.')
  return { yaml, tree }
}

function shapeFaults(yaml: YamlText, tree: Tree): Fault[] {
  const value = withoutNone(tree) ?? {}
  const result = AnswersFile.safeParse(value)
  return result.success ? [] : schemaFaults(yaml, AnswersFile, value, result.error.issues, 'hide')
}

function placed(yaml: YamlText, { place, words }: TreeFault): Fault {
  if ('in' in place) return { position: positionOfKey(yaml, place.in, place.key), words }
  const key = place.findLast(part => typeof part === 'string')
  return { position: positionOf(yaml, place), words: `"${key}": ${words}` }
}

function readAuthorizedKeys(source: NamedText | undefined): { lines: string[]; problems: AnswersProblem[] } {
  const lines: string[] = []
  const problems: AnswersProblem[] = []
  if (source === undefined) return { lines, problems }
  // A private key is one fault, not one for each of its lines.
  const whole = source.text.replace(/^\uFEFF/, '').trim()
  if (/^(-----BEGIN|---- BEGIN|PuTTY-User-Key-File-)/.test(whole))
    return { lines, problems: [{ file: source.file, line: 1, col: 1, words: sshKeyFault(whole) ?? '' }] }
  for (const [index, raw] of source.text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n|\r/)
    .entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const words = sshKeyFault(line)
    if (words === null) lines.push(line)
    else problems.push({ file: source.file, line: index + 1, col: raw.length - raw.trimStart().length + 1, words })
  }
  return { lines, problems }
}
