import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What the stick holds for the set-up. */
export interface Config {
  /** All files, as they are named there. */
  readonly names: readonly string[]
  /** The file with the answers, and its text without a byte order mark; it may hold secrets. Null: there is none. */
  readonly answersName: string | null
  readonly answersText: string | null
  /** The lines of `authorized_keys`, without comments; not checked. */
  readonly authorizedKeys: readonly string[]
  /** What a person should know of the stick, as sentences. */
  readonly notes: readonly string[]
}

/** A file for the stick. With `scrub` the bytes of the file that it replaces are wiped out: they held secrets. */
export interface NewFile {
  readonly name: string
  readonly data: string | Uint8Array
  readonly scrub?: boolean
}

/** What shall be different on the stick. */
export interface Changes {
  readonly files: readonly NewFile[]
  readonly remove: readonly string[]
}

// Editors on other computers add an ending, and some computers hide it.
const answersNames = ['mediaserver.yaml', 'mediaserver.yml', 'mediaserver.yaml.txt', 'mediaserver.yml.txt']
const keysNames = ['authorized_keys', 'authorized_keys.txt']
const mostBytes = 1024 * 1024

/** Whether a file may be the one with the answers, by its name: capitals do not matter. */
export const isAnswersName = (name: string): boolean => answersNames.includes(name.toLowerCase())

/** Reads what the set-up looks for in a folder, whatever the case of its names. Throws when it cannot be listed. */
export async function readFolder(folder: string): Promise<Config> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries
    .filter(entry => entry.isFile())
    .map(entry => entry.name)
    .sort()
  const notes: string[] = []
  const textOf = async (name: string): Promise<string | null> => {
    try {
      if ((await stat(join(folder, name))).size > mostBytes) {
        notes.push(`${name} on the stick is too large for what it should be, and was not read.`)
        return null
      }
      return decode(await readFile(join(folder, name)))
    } catch {
      notes.push(`${name} on the stick could not be read: the stick may be damaged. Flash it again.`)
      return null
    }
  }
  const named = (wanted: readonly string[]) => wanted.flatMap(want => names.filter(name => name.toLowerCase() === want))
  const found: { name: string; text: string }[] = []
  for (const name of named(answersNames)) {
    const text = await textOf(name)
    if (text !== null) found.push({ name, text })
  }
  // The template that came with the stick says nothing; an edited copy beside it does.
  const filled = found.filter(({ text }) => saysSomething(text))
  const answers = filled[0] ?? found[0]
  if (filled.length > 1)
    notes.push(
      `The stick has more than one file with answers (${filled.map(file => file.name).join(', ')}). ${filled[0]?.name} was taken; delete the others.`,
    )
  const keys = await Promise.all(named(keysNames).map(textOf))
  return {
    names,
    answersName: answers?.name ?? null,
    answersText: answers?.text ?? null,
    authorizedKeys: keys.flatMap(text => linesOf(text ?? '')),
    notes,
  }
}

/** Text as editors on Windows write it too: with a byte order mark, or in UTF-16. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return new TextDecoder('utf-8').decode(bytes)
}

const linesOf = (text: string): string[] =>
  text
    .split(/\r\n|\r|\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
const saysSomething = (text: string): boolean => linesOf(text).some(line => line !== '---')

/**
 * Makes changes in a folder, one after the other. A file is either as before or as wanted, wherever the power fails:
 * written beside, flushed, renamed. Gives what did not work, as sentences; the rest is done.
 */
export async function changeFolder(folder: string, { files, remove }: Changes): Promise<string[]> {
  const notes: string[] = []
  for (const file of files) {
    try {
      await replaceFile(folder, file)
    } catch (error) {
      notes.push(`${file.name} could not be written to the stick: ${reason(error)}`)
    }
  }
  for (const name of remove) {
    try {
      await rm(join(folder, name), { force: true })
    } catch (error) {
      notes.push(`${name} could not be removed from the stick: ${reason(error)}`)
    }
  }
  await flushFolder(folder).catch((error: unknown) => notes.push(`The stick could not be flushed: ${reason(error)}`))
  return notes
}

async function replaceFile(folder: string, { name, data, scrub }: NewFile): Promise<void> {
  const path = join(folder, name)
  const beside = `${path}.new`
  // A file that is open keeps its place on the disk after its name is gone, so its old bytes can still be reached.
  const old = scrub === true ? await open(path, 'r+').catch(() => null) : null
  try {
    const file = await open(beside, 'w', 0o600)
    try {
      await file.writeFile(data)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
    await flushFolder(folder)
    if (old !== null) {
      await old.write(new Uint8Array((await old.stat()).size), 0, undefined, 0)
      await old.sync()
    }
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {})
    throw error
  } finally {
    await old?.close()
  }
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'it is full. Delete what you do not need from CONFIG.',
  EROFS: 'it is write-protected.',
  EIO: 'it was pulled out, or is damaged.',
}

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? `${error instanceof Error ? error.message : String(error)}.`
}
