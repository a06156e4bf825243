import { openRoot } from './root.ts'
import { setup } from './setup.ts'

const usage = `Usage: mediaserver setup
       mediaserver apply
       mediaserver status --json
       mediaserver probe --json
`

// Libraries look at these; what a terminal can do is decided in terminal/abilities.ts alone.
for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR', 'COLUMNS', 'LINES', 'DEV', 'NODE_COMPILE_CACHE'])
  delete process.env[name]

/** A tree that stands for `/` in development and tests. */
const root = openRoot(process.env['MEDIASERVER_ROOT'] ?? '')
const [command, ...rest] = process.argv.slice(2)

if (command === 'setup' && rest.length === 0) {
  if (process.stdin.isTTY && process.stdout.isTTY) setup(root)
  else fail('mediaserver setup needs a terminal.\n')
} else if (command === 'apply' && rest.length === 0) {
  const { applyCommand } = await import('./apply/command.ts')
  process.exitCode = await applyCommand(root, line => process.stdout.write(`${line}\n`))
} else if (command === 'begin' && rest.length === 0) {
  const [{ begin }, { openConfigPartition }] = await Promise.all([
    import('./begin/begin.ts'),
    import('./config-partition/partition.ts'),
  ])
  await begin(root, openConfigPartition(root))
} else if ((command === 'status' || command === 'probe') && (rest.length === 0 || rest.join(' ') === '--json')) {
  const { probeMachine } = await import('./probe/machine.ts')
  process.stdout.write(`${JSON.stringify(await probeMachine(root), null, 2)}\n`)
} else {
  fail(usage)
}

function fail(message: string): void {
  process.stderr.write(message)
  process.exitCode = 2
}
