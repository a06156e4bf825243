import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A machine as the files that the probes read. Values that are not text are written as JSON. */
interface Recorded {
  readonly note: string
  readonly files: Readonly<Record<string, unknown>>
  readonly links: Readonly<Record<string, string>>
  readonly hex: Readonly<Record<string, string>>
}

// One listener for each machine of a test file.
process.setMaxListeners(200)

const folder = join(import.meta.dirname, '../../fixtures/machines')

/** The names of all recorded machines. */
export const machineNames = readdirSync(folder)
  .filter(name => name.endsWith('.json'))
  .map(name => name.replace('.json', ''))

/** Lays a recorded machine out as a folder that stands for `/`. */
export function layOut(name: string): string {
  const machine = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Recorded
  const root = mkdtempSync(join(tmpdir(), `machine-${name}-`))
  process.once('exit', () => rmSync(root, { recursive: true, force: true }))
  const at = (path: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    return join(root, path)
  }
  for (const [path, value] of Object.entries(machine.files)) {
    writeFileSync(at(path), typeof value === 'string' ? value : JSON.stringify(value))
  }
  for (const [path, target] of Object.entries(machine.links)) symlinkSync(target, at(path))
  for (const [path, hex] of Object.entries(machine.hex)) writeFileSync(at(path), Buffer.from(hex, 'hex'))
  return root
}
