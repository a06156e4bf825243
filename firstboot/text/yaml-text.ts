import {
  type Document,
  type DocumentOptions,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type ParseOptions,
  type SchemaOptions,
} from 'yaml'

/** A parsed YAML text with what is needed to say where in it something is written. */
export interface YamlText {
  readonly document: Document.Parsed
  readonly lines: LineCounter
}

/** A place in a file; both numbers count from 1. */
export interface Position {
  readonly line: number
  readonly col: number
}

/** Parses a text; faults of its syntax are in `document.errors`. Throws only where the text is nested without end. */
export function parseYamlText(text: string, options: ParseOptions & DocumentOptions & SchemaOptions = {}): YamlText {
  const lines = new LineCounter()
  return { document: parseDocument(text, { ...options, lineCounter: lines, prettyErrors: false }), lines }
}

/** Where the value of a path is written; the nearest parent when it is not there. */
export function positionOf(source: YamlText, path: readonly PropertyKey[]): Position {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? source.document.contents : source.document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return source.lines.linePos(node.range[0])
  }
  return { line: 1, col: 1 }
}

/** Where a key of the map at a path is written. */
export function positionOfKey(source: YamlText, path: readonly PropertyKey[], key: string): Position {
  const map = path.length === 0 ? source.document.contents : source.document.getIn(path, true)
  if (isMap(map)) {
    const found = map.items.find(pair => isScalar(pair.key) && String(pair.key.value) === key)
    if (found !== undefined && isNode(found.key) && found.key.range) return source.lines.linePos(found.key.range[0])
  }
  return positionOf(source, path)
}
