import { isAlias, isMap, isScalar, isSeq, type Node, Scalar } from 'yaml'
import type { Fault } from './schema-faults.ts'
import type { YamlText } from './yaml-text.ts'

/** A YAML text as plain values. Every value is a text, whatever it looks like: a serial number `0123` stays as it is. */
export type Tree = null | string | readonly Tree[] | { readonly [key: string]: Tree }

/** Options for `parseYamlText` of a text that becomes a tree. */
export const treeOptions = { schema: 'failsafe', version: '1.2', merge: false } as const

const emptyWords = ['', '~', 'null', 'Null', 'NULL']

/** The values of a parsed text, and what cannot be one of them: aliases, anchors, tags, and keys that are no texts. */
export function treeOf(source: YamlText): { readonly tree: Tree; readonly faults: readonly Fault[] } {
  const faults: Fault[] = []
  const fault = (node: Node, words: string): void => {
    faults.push({ position: source.lines.linePos(node.range?.[0] ?? 0), words })
  }

  function valueOf(node: unknown): Tree {
    if (isAlias(node)) {
      fault(node, 'A value that begins with * must be in quotes.')
      return null
    }
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return null
    if (node.anchor !== undefined) fault(node, 'A value that begins with & must be in quotes.')
    if (node.tag !== undefined) fault(node, 'A value that begins with ! must be in quotes.')
    if (isSeq(node)) return node.items.map(valueOf)
    if (isScalar(node)) {
      const text = typeof node.value === 'string' ? node.value : ''
      return node.type === undefined || (node.type === Scalar.PLAIN && emptyWords.includes(text)) ? null : text
    }
    return Object.fromEntries(
      node.items.map(({ key, value }) => {
        if (!isScalar(key)) fault(isMap(key) || isSeq(key) || isAlias(key) ? key : node, 'A key is one word.')
        return [isScalar(key) ? String(key.value) : '', valueOf(value)]
      }),
    )
  }

  const tree = valueOf(source.document.contents)
  return { tree, faults }
}
