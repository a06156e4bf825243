import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseYamlText, type YamlText } from '../../firstboot/text/yaml-text.ts'

/** A YAML file with what is needed to say where in it something is written. */
export interface YamlFile extends YamlText {
  /** Path relative to the project, as messages name it. */
  readonly file: string
}

/** Parses a text; faults of its syntax are in `document.errors`. */
export function parseYaml(file: string, text: string): YamlFile {
  return { file, ...parseYamlText(text) }
}

/** Reads and parses a file; throws what the file system throws. */
export async function readYaml(root: string, file: string): Promise<YamlFile> {
  return parseYaml(file, await readFile(join(root, file), 'utf8'))
}
