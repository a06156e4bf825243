import { openConsole } from './console/console.ts'
import { roleOf } from './probe/cmdline.ts'
import { openRoot } from './root.ts'

// Libraries look at these; what a terminal can do is decided in terminal/abilities.ts alone.
for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR', 'COLUMNS', 'LINES', 'DEV']) delete process.env[name]
// Meant for this process, and not for a shell that is opened from it.
for (const name of ['NODE_OPTIONS', 'MALLOC_ARENA_MAX']) delete process.env[name]

/** A tree that stands for `/` in development and tests. */
const root = openRoot(process.env['MEDIASERVER_ROOT'] ?? '')
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const sayJson = (value: unknown): void => say(JSON.stringify(value, null, 2))

/** What a command does with `--json` or without it; gives the exit code, or nothing while its screens are open. */
interface Command {
  /** Empty: for the system itself, and not for people. */
  readonly words: string
  readonly json?: true
  /** Takes words of its own, and says itself which. */
  readonly more?: true
  readonly run: (json: boolean, more: readonly string[]) => Promise<number> | number | undefined
}

const commands: Readonly<Record<string, Command>> = {
  setup: { words: 'ask the questions, on this terminal', run: () => open('wizard') },
  console: { words: '', run: () => open(isInstalled() ? 'status' : 'wizard') },
  begin: {
    words: '',
    run: async () => {
      const { begin } = await import('./begin/begin.ts')
      const { openConfigPartition } = await import('./config-partition/partition.ts')
      await begin(root, openConfigPartition(root))
      return 0
    },
  },
  apply: {
    words: 'make everything as the answers say; what is right is left alone',
    run: async () => (await import('./apply/command.ts')).applyCommand(root, say),
  },
  status: {
    words: 'how the machine is',
    json: true,
    run: async json => {
      const { readStatus } = await import('./status/read.ts')
      const { statusLines } = await import('./status/lines.ts')
      const status = await readStatus(root)
      if (json) sayJson(status)
      else statusLines(status, Date.now()).forEach(say)
      return 0
    },
  },
  verify: {
    words: 'prove that everything works; or only some sections',
    json: true,
    more: true,
    run: async (json, more) => await ended((await import('./verify/command.ts')).verifyCommand(root, more, json, say)),
  },
  doctor: {
    words: 'find what is wrong, mend what is safe, and tell the rest',
    json: true,
    more: true,
    run: async (json, more) => await ended((await import('./doctor/command.ts')).doctorCommand(root, more, json, say)),
  },
  notify: {
    words: 'where to send a message when something fails',
    more: true,
    run: async (_, more) => (await import('./notify/command.ts')).notifyCommand(more, say),
  },
  credentials: {
    words: 'the passwords that were made up; or tell one that you have changed',
    json: true,
    more: true,
    run: async (json, more) =>
      more.length === 0
        ? await (await import('./credentials.ts')).credentialsCommand(root, json, say)
        : await ended((await import('./set-credentials.ts')).setCredentialsCommand(root, more, say)),
  },
  vpn: {
    words: 'the tunnel: how it is, another country, repair it',
    json: true,
    more: true,
    run: async (json, more) => (await import('./vpn/command.ts')).vpnCommand(more, json, say),
  },
  'home-networks': {
    words: '',
    run: async () => (await import('./vpn/home-networks.ts')).homeNetworksCommand(say),
  },
  plex: {
    words: 'Plex: claim it for your account, and how it is',
    json: true,
    more: true,
    run: async (json, more) => {
      const { plexCommand, systemPlexDoors } = await import('./plex/command.ts')
      const { ask } = await import('./plex/ask.ts')
      return await plexCommand(more, json, systemPlexDoors(ask, say))
    },
  },
  diagnostics: {
    words: 'pack a report without secrets',
    run: async () => (await import('./diagnostics/command.ts')).diagnosticsCommand(root, say),
  },
  probe: {
    words: 'what this machine is, as a program reads it',
    json: true,
    run: async () => {
      const { probeMachine } = await import('./probe/machine.ts')
      sayJson(await probeMachine(root))
      return 0
    },
  },
}

/** What hung is not waited for at the end, but everything that was said is read. */
async function ended(code: Promise<number>): Promise<never> {
  const known = await code
  await new Promise<void>(resolve => process.stdout.write('', () => resolve()))
  process.exit(known)
}

const isInstalled = (): boolean => roleOf(root.text('/proc/cmdline') ?? '') === 'installed'

function open(home: 'wizard' | 'status'): number | undefined {
  if (process.stdin.isTTY && process.stdout.isTTY) {
    openConsole(root, home, home === 'wizard' && isInstalled())
    return undefined
  }
  process.stderr.write('The screens need a terminal.\n')
  return 2
}

function usage(): number {
  const lines = Object.entries(commands).filter(([, { words }]) => words !== '')
  const shown = lines.map(
    ([name, { words, json }]) => `  mediaserver ${`${name}${json ? ' [--json]' : ''}`.padEnd(22)} ${words}`,
  )
  process.stderr.write(`Commands:\n${shown.join('\n')}\n`)
  return 2
}

const [name = '', ...options] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
const json = options.includes('--json')
const more = options.filter(option => option !== '--json')
const known = command !== undefined && (more.length === 0 || command.more === true) && (!json || command.json === true)
const code = known ? await command.run(json, more) : usage()
if (code !== undefined) process.exitCode = code
