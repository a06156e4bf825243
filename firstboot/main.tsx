import { openRoot } from './root.ts'
import { openConsole } from './console/console.ts'
import { roleOf } from './probe/cmdline.ts'

const usage = `Usage: mediaserver setup
       mediaserver console
       mediaserver apply
       mediaserver credentials [--json]
       mediaserver status --json
       mediaserver probe --json
`

// Libraries look at these; what a terminal can do is decided in terminal/abilities.ts alone.
for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR', 'COLUMNS', 'LINES', 'DEV', 'NODE_COMPILE_CACHE'])
  delete process.env[name]

/** A tree that stands for `/` in development and tests. */
const root = openRoot(process.env['MEDIASERVER_ROOT'] ?? '')
const [command, ...rest] = process.argv.slice(2)

if ((command === 'setup' || command === 'console') && rest.length === 0) {
  const installed = roleOf(root.text('/proc/cmdline') ?? '') === 'installed'
  if (process.stdin.isTTY && process.stdout.isTTY)
    openConsole(root, command === 'console' && installed ? 'status' : 'wizard', command === 'setup' && installed)
  else fail(`mediaserver ${command} needs a terminal.\n`)
} else if (command === 'apply' && rest.length === 0) {
  const { applyCommand } = await import('./apply/command.ts')
  process.exitCode = await applyCommand(root, line => process.stdout.write(`${line}\n`))
} else if (command === 'credentials' && (rest.length === 0 || rest.join(' ') === '--json')) {
  const { credentialsCommand } = await import('./credentials.ts')
  process.exitCode = await credentialsCommand(rest.length > 0, line => process.stdout.write(`${line}\n`))
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
