import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openRoot, type Root } from '../../../firstboot/root.ts'
import type { Ended } from '../../../firstboot/run.ts'

const rootGuid = '0b5c4db8-0000-4000-8000-000000000004'
const ok: Ended = { code: 0, stdout: '', stderr: '' }
const no = (stderr: string): Ended => ({ code: 32, stdout: '', stderr })
const mtools = (program: string, image: string, ...args: string[]) =>
  execFileSync(program, ['-i', image, ...args], { env: { ...process.env, MTOOLS_SKIP_CHECK: '1', LC_ALL: 'C.UTF-8' } })

/**
 * A stick with a real FAT file system in a file, read and written by mtools. Mounting is played: the folder is filled
 * from the file system, and what was written to it while it was writable goes back. So it runs without root and on
 * kernels without FAT.
 */
export interface Stick {
  readonly root: Root
  readonly folder: string
  readonly run: (program: string, args: readonly string[]) => Promise<Ended>
  /** Every call, in short. */
  readonly calls: string[]
  /** Whether the folder is mounted now, and how. */
  mode(): 'none' | 'ro' | 'rw'
  /** A file as the next computer reads it, or null. */
  fileOn(name: string): Buffer | null
  names(): string[]
  /** From now on this call fails with these words. */
  refuse(call: RegExp, words: string): void
  /** Takes the stick out: its disk is no longer listed. */
  pull(): void
  /** What another process does. */
  otherProcess(mode: 'ro' | 'rw'): void
}

/** A stick with these files; `partition` are fields of lsblk to differ in. */
export function stickWith(files: Readonly<Record<string, string | Uint8Array>>, partition: object = {}): Stick {
  const place = mkdtempSync(join(tmpdir(), 'stick-'))
  const image = join(place, 'config.img')
  const folder = join(place, 'run/config')
  mtools('mformat', image, '-C', '-v', 'CONFIG', '-T', '81920', '-h', '64', '-s', '32', '::')
  for (const [name, data] of Object.entries(files)) {
    writeFileSync(join(place, 'new'), data)
    mtools('mcopy', image, join(place, 'new'), `::/${name}`)
  }
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(place, path)), { recursive: true })
    writeFileSync(join(place, path), text)
  }
  put('proc/cmdline', `root=PARTUUID=${rootGuid} systemd.volatile=overlay\n`)
  let now: 'none' | 'ro' | 'rw' = 'none'
  let there = true
  const refused: { call: RegExp; words: string }[] = []
  const calls: string[] = []
  const set = (mode: typeof now) => {
    now = mode
    const options = mode === 'rw' ? 'rw' : 'ro'
    put(
      'proc/self/mountinfo',
      mode === 'none' ? '' : `99 1 8:3 / ${folder} ${options},nosuid - vfat /dev/sdb3 ${options}\n`,
    )
  }
  set('none')
  const fill = () => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
    if (mtools('mdir', image, '-b', '::/').length > 0) mtools('mcopy', image, '-n', '-s', '::/*', folder)
  }
  const empty = () => {
    mkdirSync(folder, { recursive: true })
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
  }
  const flush = () => {
    if (mtools('mdir', image, '-b', '::/').length > 0) mtools('mdeltree', image, '::/*')
    const names = readdirSync(folder)
    if (names.length > 0) mtools('mcopy', image, '-s', ...names.map(name => join(folder, name)), '::/')
  }
  const mount = (options: string): Ended => {
    if (options.startsWith('remount,')) {
      if (now === 'none') return no(`mount: ${folder}: mount point not mounted or bad option.`)
      const mode = options.startsWith('remount,rw') ? 'rw' : 'ro'
      if (now === 'rw' && mode === 'ro') flush()
      set(mode)
      chmodSync(folder, mode === 'rw' ? 0o700 : 0o500)
      return ok
    }
    if (!options.startsWith('ro,')) throw new Error(`mounted writable at once: ${options}`)
    fill()
    set('ro')
    return ok
  }
  const run = async (program: string, args: readonly string[]): Promise<Ended> => {
    const call = `${program} ${args.join(' ')}`
    calls.push(call.replaceAll(place, ''))
    const refusal = refused.find(item => item.call.test(call))
    if (refusal !== undefined) return no(refusal.words)
    if (program === 'lsblk')
      return { ...ok, stdout: JSON.stringify({ blockdevices: there ? [diskWith(partition)] : [] }) }
    if (program === 'mount') return mount(args[args.indexOf('-o') + 1] ?? '')
    if (program !== 'umount') throw new Error(`unexpected: ${call}`)
    if (now === 'rw') flush()
    empty()
    set('none')
    return ok
  }
  return {
    root: openRoot(place),
    folder,
    run,
    calls,
    mode: () => now,
    fileOn(name) {
      try {
        const to = join(place, 'out')
        rmSync(to, { force: true })
        mtools('mcopy', image, `::/${name}`, to)
        return readFileSync(to)
      } catch {
        return null
      }
    },
    names: () =>
      mtools('mdir', image, '-b', '::/')
        .toString()
        .split('\n')
        .filter(Boolean)
        .map(name => name.replace('::/', '')),
    refuse: (call, words) => refused.push({ call, words }),
    pull() {
      there = false
    },
    otherProcess: set,
  }
}

const diskWith = (partition: object) => ({
  name: 'sdb',
  path: '/dev/sdb',
  type: 'disk',
  size: 31_900_000_000,
  tran: 'usb',
  children: [
    { name: 'sdb2', path: '/dev/sdb2', type: 'part', size: 83_886_080, fstype: 'vfat', label: 'EFI', partlabel: 'efi' },
    {
      name: 'sdb3',
      path: '/dev/sdb3',
      type: 'part',
      size: 41_943_040,
      fstype: 'vfat',
      label: 'CONFIG',
      partlabel: 'config',
      ...partition,
    },
    {
      name: 'sdb4',
      path: '/dev/sdb4',
      type: 'part',
      size: 1,
      fstype: 'squashfs',
      partuuid: rootGuid,
      partlabel: 'root',
    },
  ],
})
