import { cp, lstat, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { askTool, linesOf, type ToolAnswer } from './tool.ts'
import type { Check, CheckContext, CheckResult } from './types.ts'

/**
 * Settings that our units use and Debian 12's systemd (252) does not know yet, with the version that brought them.
 * An older systemd is told to let them pass; every other unknown setting is a fault.
 */
const NEWER_SETTINGS: Readonly<Record<string, number>> = { RestartSteps: 254, RestartMaxDelaySec: 254 }

const UNIT =
  /^overlays\/.+\/systemd\/system\/[^/]+\.(service|target|socket|timer|path|mount|automount|slice|swap|scope)$/

export function isUnit(file: string): boolean {
  return UNIT.test(file)
}

/** Links that systemd would follow. A checkout or an archive may turn them into files, and then nothing starts any more. */
export function lostLinks(files: readonly string[]): string[] {
  return files
    .filter(file => /^overlays\/.+\.(wants|requires)\//.test(file))
    .map(file => `${file}: links get lost; write Wants= into a drop-in of the unit instead (TARGET.d/NAME.conf)`)
}

/** The version in what `systemd-analyze --version` says. */
export function systemdVersion(said: string): number {
  return Number(/^systemd (\d+)/m.exec(said)?.[1] ?? 0)
}

/** What of the answer of `systemd-analyze verify` is our fault; the machine's own units are not looked at. */
export function judgeUnits(
  { exitCode, output }: ToolAnswer,
  folder: string,
  units: readonly string[],
  version: number,
): CheckResult {
  const stems = units.map(unit => basename(unit).replace(/@?\.\w+$/, ''))
  const ours = linesOf(output).filter(line => line.includes(folder) || stems.some(stem => line.startsWith(stem)))
  const faults: string[] = []
  const notes: string[] = []
  for (const line of ours.map(text => text.replaceAll(`${folder}/`, ''))) {
    // The programs are in the image, not on this machine.
    if (/Command \S+ is not executable/.test(line)) continue
    const setting = /Unknown key(?: name)? '([^']+)'/.exec(line)?.[1]
    const since = setting === undefined ? undefined : NEWER_SETTINGS[setting]
    if (since !== undefined && version < since) notes.push(`${setting} is newer than this machine's systemd ${version}`)
    else faults.push(line)
  }
  if (exitCode !== 0 && ours.length === 0)
    faults.push(...linesOf(output), `systemd-analyze ended with exit code ${exitCode}`)
  return { faults, notes: [...new Set(notes)] }
}

async function look(context: CheckContext): Promise<CheckResult> {
  const units = context.files.filter(isUnit)
  const folder = await mkdtemp(join(tmpdir(), 'mediaserver-units-'))
  try {
    const copied: string[] = []
    for (const unit of units) {
      const path = join(context.project, unit)
      if (!(await lstat(path)).isFile()) continue
      await cp(path, join(folder, basename(unit)))
      copied.push(basename(unit))
    }
    const lost = lostLinks(context.files)
    if (copied.length === 0) return { faults: lost }
    const { output: said } = await askTool(context, ['systemd-analyze', '--version'])
    const paths = copied.map(unit => join(folder, unit))
    const answer = await askTool(context, ['systemd-analyze', 'verify', '--man=no', '--recursive-errors=no', ...paths])
    const judged = judgeUnits(answer, folder, copied, systemdVersion(said))
    return { ...judged, faults: [...lost, ...judged.faults] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export const units: Check = { name: 'units', mend: '', look }
