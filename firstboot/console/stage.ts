import { runOnTerminal } from '../run.ts'
import type { View } from '../screens/frame.ts'
import type { Picture } from '../screens/ink.tsx'
import { abilitiesOf } from '../terminal/abilities.ts'
import { openKeyboard } from '../terminal/keyboard.ts'
import { type Key, pasteMarks } from '../terminal/keys.ts'
import { Painter } from '../terminal/painter.ts'
import { encodeLine } from '../terminal/sgr.ts'
import { askSize, plausibleSize, setKernelSize, terminalFacts } from '../terminal/tty.ts'
import { paced } from './paced.ts'
import type { Scene, Stage } from './scene.ts'

/**
 * Opens this process's terminal for scenes; the first frame is painted before anything large is loaded. `mayLeave`: somebody
 * started it from a shell, and goes back there.
 */
export function openStage(mayLeave: boolean, begin: (stage: Stage) => Scene): void {
  const facts = terminalFacts()
  let abilities = abilitiesOf(facts)
  let away = false
  let showInk: ((picture: Picture) => void) | null = null
  let last: View | null = null
  const painter = new Painter(bytes => process.stdout.write(bytes))

  const pictureOf = ({ lines }: View): Picture => ({
    lines,
    columns: abilities.columns,
    styles: abilities.styles && !scene.plain(),
  })
  const show = () => {
    if (away) return
    const view = scene.view(abilities)
    const picture = pictureOf(view)
    last = view
    painter.place(view.cursor)
    if (showInk) showInk(picture)
    else painter.paint(picture.lines.map(line => encodeLine(line, picture.styles)))
    painter.settle()
  }
  const redraw = () => {
    painter.forget()
    show()
  }
  const resizeTo = (columns: number, rows: number) => {
    abilities = { ...abilities, ...abilitiesOf({ ...facts, columns, rows }), askSize: abilities.askSize }
    redraw()
  }
  const followSize = () => {
    const now = terminalFacts()
    if (!now.columns || !now.rows || (now.columns === abilities.columns && now.rows === abilities.rows)) return false
    resizeTo(now.columns, now.rows)
    return true
  }
  const onKeys = (keys: readonly Key[]) => {
    const pressed = keys.filter(key => key.name !== 'position')
    for (const key of keys) {
      if (key.name !== 'position') continue
      const size = plausibleSize(key.column, key.row)
      if (size === null || (size.columns === abilities.columns && size.rows === abilities.rows)) continue
      void setKernelSize(size.columns, size.rows)
      resizeTo(size.columns, size.rows)
    }
    if (pressed.length > 0) scene.keys(pressed, last ?? scene.view(abilities))
    show()
  }
  const leave = (code: number) => {
    scene.leave()
    process.stdout.write(pasteMarks.off)
    painter.close()
    keyboard.release()
    process.exit(code)
  }
  const hangUp = (code: number) => {
    scene.leave()
    process.exit(code)
  }

  const stage: Stage = {
    name: facts.device.replace(/^\/dev\//, '') || 'console',
    // What a person typed is shown at once, by `onKeys`.
    show: paced(() => show()),
    redraw() {
      redraw()
      if (abilities.askSize) process.stdout.write(askSize)
    },
    async give(program, args, words) {
      away = true
      keyboard.release()
      painter.leave()
      process.stdout.write(`${pasteMarks.off}${words}`)
      const code = await runOnTerminal(program, args)
      away = false
      process.stdout.write(pasteMarks.on)
      keyboard.take()
      redraw()
      return code
    },
    away: () => away,
    distrust() {
      // While the machine starts, graphics and fonts change under a virtual console, and not always with a signal.
      if (!away && abilities.charset === 'console' && !followSize()) painter.distrust()
    },
    change(next) {
      scene = next
      redraw()
    },
    quit() {
      // On a console there is nothing to go back to; in a terminal window there is.
      if (mayLeave || facts.device.startsWith('/dev/pts/')) leave(0)
    },
  }
  let scene = begin(stage)
  show()
  const keyboard = openKeyboard(process.stdin, onKeys)
  keyboard.take()
  process.stdin.on('end', () => hangUp(1)).on('error', () => hangUp(1))
  process.stdout.on('error', () => hangUp(1))
  process
    .on('SIGTERM', () => leave(0))
    .on('SIGHUP', () => hangUp(0))
    .on('SIGINT', () => {})
  process.stdout.on('resize', followSize)
  if (!facts.columns || !facts.rows) void setKernelSize(abilities.columns, abilities.rows)
  if (abilities.askSize) process.stdout.write(askSize)
  process.stdout.write(pasteMarks.on)
  // Ink's styles must not depend on the environment; the variable is read once, when Ink is loaded.
  process.env['FORCE_COLOR'] = '1'
  void import('../screens/ink.tsx').then(({ mountInk }) => {
    delete process.env['FORCE_COLOR']
    if (away) return
    showInk = mountInk(painter, pictureOf(scene.view(abilities)))
  })
}
