import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventsPath } from '../apply/events.ts'
import { manifestPath } from '../manifest.ts'
import { lsblkColumns } from '../probe/lsblk.ts'
import type { Root } from '../root.ts'
import { type Ended, run as runProgram } from '../run.ts'
import { historyPath } from '../verify/history.ts'
import { verificationPath } from '../verify/verification.ts'
import type { Redact } from './redact.ts'

/** A report that was packed. */
export interface Report {
  /** The `.tar.gz`. */
  readonly path: string
  readonly bytes: number
}

/** Where reports are packed: in memory, and only for root. */
export const reportFolder = '/run/mediaserver/report'

const patience = 15_000
// The newest lines say most, and everything must fit on the stick.
const journalLines = '20000'

/** What is asked, each into one file of the report. A program that is not there says so in its file. */
const questions: readonly (readonly [file: string, program: string, ...args: string[]])[] = [
  ['journal.txt', 'journalctl', '-b', '--no-pager', '-o', 'short-iso', '-n', journalLines],
  ['kernel.txt', 'dmesg'],
  ['units.txt', 'systemctl', 'list-units', '--all', '--no-pager', '--plain', '--full'],
  ['units-failed.txt', 'systemctl', 'status', '--failed', '--no-pager', '--full', '-n', '50'],
  ['disks.json', 'lsblk', '-J', '-b', '-o', lsblkColumns],
  ['mounts.txt', 'findmnt', '--real'],
  ['space.txt', 'df', '-h'],
  ['addresses.json', 'ip', '-j', 'addr'],
  ['routes.txt', 'ip', 'route'],
  ['firewall.txt', 'nft', 'list', 'ruleset'],
  ['containers.txt', 'docker', 'ps', '--all', '--no-trunc', '--format', '{{.Names}} {{.Image}} {{.Status}}'],
  ['graphics.txt', 'vainfo'],
  ['versions-kernel.txt', 'uname', '-a'],
  ['versions-packages.txt', 'dpkg-query', '-W'],
]

/** Files that are taken along as they are, but for their secrets. */
const copies: readonly (readonly [file: string, path: string])[] = [
  ['events.jsonl', eventsPath],
  ['manifest.json', manifestPath],
  ['verify.json', verificationPath],
  ['verify-history.jsonl', historyPath],
  ['os-release.txt', '/etc/os-release'],
  ['cmdline.txt', '/proc/cmdline'],
  ['memory.txt', '/proc/meminfo'],
]

/**
 * Packs what helps to find a fault into `NAME.tar.gz` in `folder`. Every text goes through `redact` before it is
 * written anywhere. Programs are asked one after the other, and none for longer than 15 seconds. Throws when nothing
 * can be written or tar fails, with a sentence for people.
 */
export async function collectDiagnostics(
  root: Root,
  redact: Redact,
  name: string,
  folder: string = reportFolder,
  run: (program: string, args: readonly string[], timeoutMs: number) => Promise<Ended> = runProgram,
): Promise<Report> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const work = await mkdtemp(join(folder, 'work-'))
  try {
    const inside = join(work, name)
    await mkdir(inside)
    const put = (file: string, text: string) => writeFile(join(inside, file), redact(text))
    for (const [file, program, ...args] of questions) {
      const { code, stdout, stderr } = await run(program, args, patience)
      const ending = code === 0 ? '' : `\n[${program} ended with ${code ?? 'no answer'}]\n${stderr}`
      await put(file, stdout + ending)
    }
    for (const [file, path] of copies) await put(file, root.text(path) ?? `[${path} is not there]\n`)
    await put('README.txt', readme)
    const packed = join(work, 'report.tar.gz')
    const ended = await run('tar', ['-C', work, '--owner=0', '--group=0', '-czf', packed, name], 60_000)
    if (ended.code !== 0) throw new Error(`The report could not be packed: ${redact(ended.stderr.trim())}`)
    const path = join(folder, `${name}.tar.gz`)
    await rename(packed, path)
    return { path, bytes: (await stat(path)).size }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** A name for a report of this moment, in Unix milliseconds, that FAT can hold. */
export const reportName = (now: number): string =>
  `report-${new Date(now).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')}`

const readme = `What this machine says about itself, for somebody who looks for a fault.
Passwords, tokens and keys were taken out: look for [redacted].
Names of disks, files and networks, and addresses, are still in it. Read it before you give it to anybody.
`
