import type { Scene } from '../check.ts'
import { parsePid } from '../knock.ts'

type Enter = (...argv: readonly string[]) => [string, ...string[]]

/** Says its number, and lives until its standard input ends. */
const HOLDER = ['sh', '-c', 'echo "pid $$"; read -r _'] as const

/**
 * Makes a network that nothing is connected to, and that is gone afterwards, even when this program is killed. `body` is
 * given what runs a program in there. Such a program is no child of unshare(1): Ubuntu's AppArmor takes every capability
 * from those, even for root, so that they could change nothing in their own network. Throws a sentence when there is none.
 */
export async function inNewNetwork<T>(
  { attempt }: Pick<Scene, 'attempt'>,
  body: (enter: Enter) => Promise<T>,
): Promise<T> {
  const born = Promise.withResolvers<number>()
  const over = Promise.withResolvers<void>()
  const holder = attempt(['unshare', '--net', '--', ...HOLDER], {
    quiet: true,
    input: (async function* () {
      await over.promise
      yield Buffer.from('\n')
    })(),
    onLine: line => {
      const pid = parsePid(line)
      if (pid !== null) born.resolve(pid)
    },
  })
  const early = holder.then(({ stderr }) => {
    throw new Error(`No network could be made: ${stderr.trim().split('\n')[0] || 'no reason was given'}`)
  })
  early.catch(() => {})
  try {
    const pid = await Promise.race([born.promise, early])
    return await body((...argv) => ['nsenter', '--target', String(pid), '--net', '--', ...argv])
  } finally {
    over.resolve()
    await holder
  }
}
