import type { KnownSoFar } from './machine.ts'
import { readManifest } from './manifest.ts'
import type { Root } from './root.ts'
import { run, runOnTerminal } from './run.ts'
import { firstScreen, pageCount } from './screens/first.ts'
import type { Picture } from './screens/ink.tsx'
import { type Effect, initialState, reduce } from './screens/state.ts'
import { abilitiesOf } from './terminal/abilities.ts'
import { openKeyboard } from './terminal/keyboard.ts'
import type { Key } from './terminal/keys.ts'
import { Painter } from './terminal/painter.ts'
import { encodeLine } from './terminal/sgr.ts'
import { askSize, plausibleSize, setKernelSize, terminalFacts } from './terminal/tty.ts'
import { watchMachine } from './watch.ts'

/** The screens on this terminal. The first frame is painted before anything large is loaded. Never returns. */
export function setup(root: Root): void {
  const manifest = readManifest(root)
  const facts = terminalFacts()
  let abilities = abilitiesOf(facts)
  let state = initialState
  let known: KnownSoFar = {}
  let away = false
  let showInk: ((picture: Picture) => void) | null = null
  const painter = new Painter(bytes => process.stdout.write(bytes))

  const input = () => ({ manifest, known, abilities, state })
  const picture = (): Picture => ({
    lines: firstScreen(input()),
    columns: abilities.columns,
    styles: abilities.styles && !state.plain,
  })
  const show = () => {
    if (away) return
    const now = picture()
    if (showInk) showInk(now)
    else painter.paint(now.lines.map(line => encodeLine(line, now.styles)))
  }
  const redraw = () => {
    painter.forget()
    show()
  }
  const resizeTo = (columns: number, rows: number) => {
    abilities = { ...abilities, ...abilitiesOf({ ...facts, columns, rows }), askSize: abilities.askSize }
    redraw()
  }

  const openShell = async () => {
    away = true
    keyboard.release()
    painter.leave()
    process.stdout.write('A shell on this machine. "exit" or Ctrl-D brings the screen back.\r\n\n')
    const code = await runOnTerminal('/bin/bash', ['--login'])
    if (code === null) state = { ...state, notice: 'The shell could not be started.' }
    away = false
    keyboard.take()
    redraw()
  }
  const effects: Readonly<Record<Effect, () => void>> = {
    shell: () => void openShell(),
    restart: () => void askSystem('reboot'),
    poweroff: () => void askSystem('poweroff'),
    redraw: () => {
      redraw()
      if (abilities.askSize) process.stdout.write(askSize)
    },
    quit: () => {
      // On a console there is nothing to go back to; in a terminal window there is.
      if (facts.device.startsWith('/dev/pts/')) leave(0)
    },
  }
  const askSystem = async (verb: 'reboot' | 'poweroff') => {
    const ended = await run('systemctl', [verb])
    if (ended.code === 0) return
    state = { ...state, notice: `That did not work: ${ended.stderr.trim().split('\n')[0]}` }
    show()
  }
  const onKey = (key: Key) => {
    if (key.name === 'position') {
      const size = plausibleSize(key.column, key.row)
      if (size === null || (size.columns === abilities.columns && size.rows === abilities.rows)) return
      void setKernelSize(size.columns, size.rows)
      return resizeTo(size.columns, size.rows)
    }
    const next = reduce(state, key, pageCount(input()))
    state = next.state
    show()
    if (next.effect !== undefined) effects[next.effect]()
  }
  const leave = (code: number) => {
    painter.close()
    keyboard.release()
    process.exit(code)
  }

  show()
  const keyboard = openKeyboard(process.stdin, onKey)
  keyboard.take()
  process.stdin.on('end', () => process.exit(1)).on('error', () => process.exit(1))
  process.stdout.on('error', () => process.exit(1))
  process
    .on('SIGTERM', () => leave(0))
    .on('SIGHUP', () => process.exit(0))
    .on('SIGINT', () => {})
  const followSize = () => {
    const now = terminalFacts()
    if (!now.columns || !now.rows || (now.columns === abilities.columns && now.rows === abilities.rows)) return false
    resizeTo(now.columns, now.rows)
    return true
  }
  process.stdout.on('resize', followSize)
  if (!facts.columns || !facts.rows) void setKernelSize(abilities.columns, abilities.rows)
  if (abilities.askSize) process.stdout.write(askSize)
  watchMachine(
    root,
    () => away,
    part => {
      known = { ...known, ...part }
      // While the machine starts, graphics and fonts change under a virtual console, and not always with a signal.
      if (!away && abilities.charset === 'console' && !followSize()) painter.distrust()
      show()
    },
  )
  // Ink's styles must not depend on the environment; the variable is read once, when Ink is loaded.
  process.env['FORCE_COLOR'] = '1'
  void import('./screens/ink.tsx').then(({ mountInk }) => {
    delete process.env['FORCE_COLOR']
    if (away) return
    showInk = mountInk(painter, picture())
  })
}
