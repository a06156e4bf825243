import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const generator = join(
  import.meta.dirname,
  '../../../overlays/firstboot/usr/lib/systemd/system-generators/mediaserver-console-generator',
)

/** Runs the generator on a made-up kernel; gives the terminals with a screen and the prompts that are masked. */
function generate(cmdline: string, terminals: string[], active: string): { screens: string[]; masked: string[] } {
  const root = mkdtempSync(join(tmpdir(), 'consoles-'))
  for (const name of [
    'proc',
    'sys/class/tty/console',
    'normal',
    'early',
    ...terminals.map(tty => `sys/class/tty/${tty}`),
  ])
    mkdirSync(join(root, name), { recursive: true })
  writeFileSync(join(root, 'proc/cmdline'), `${cmdline}\n`)
  writeFileSync(join(root, 'sys/class/tty/console/active'), `${active}\n`)
  const [normal, early] = [join(root, 'normal'), join(root, 'early')]
  execFileSync(generator, [normal, early, join(root, 'late')], {
    env: { PATH: process.env['PATH'], MEDIASERVER_ROOT: root },
  })
  const wants = readdirSync(normal).length > 0 ? readdirSync(join(normal, 'getty.target.wants')) : []
  const masked = readdirSync(early).filter(name => readlinkSync(join(early, name)) === '/dev/null')
  return { screens: wants.map(name => /@(.*)\.service/.exec(name)?.[1] ?? ''), masked }
}

const live = 'root=PARTUUID=x systemd.volatile=overlay quiet'

test('the live system has a screen on tty1 and on each console of the kernel', () => {
  const { screens, masked } = generate(live, ['tty0', 'tty1', 'tty2', 'ttyS0', 'ttyS1', 'hvc0'], 'tty0 ttyS0')
  expect(screens).toEqual(['hvc0', 'tty1', 'ttyS0'])
  expect(masked).toContain('getty@tty1.service')
  expect(masked).toContain('serial-getty@ttyS0.service')
  expect(masked).not.toContain('getty@tty2.service')
})

test('a machine without a screen has only its serial console', () => {
  expect(generate(live, ['ttyS0'], 'ttyS0').screens).toEqual(['ttyS0'])
})

test('the installed system keeps its login prompts', () => {
  for (const cmdline of ['root=PARTUUID=x quiet', 'systemd.volatile=overlayish', 'x-systemd.volatile=overlay']) {
    expect(generate(cmdline, ['tty1', 'ttyS0'], 'tty0 ttyS0')).toEqual({ screens: [], masked: [] })
  }
})
