import { withInspected } from './disks/inspected.ts'
import type { Disk, KnownSoFar } from './machine.ts'
import { readManifest } from './manifest.ts'
import { openPorts } from './ports.ts'
import type { Root } from './root.ts'
import { runOnTerminal } from './run.ts'
import { pageCount } from './screens/first.ts'
import type { View } from './screens/frame.ts'
import type { Picture } from './screens/ink.tsx'
import { wizardScreen } from './screens/wizard.ts'
import { abilitiesOf } from './terminal/abilities.ts'
import { openKeyboard } from './terminal/keyboard.ts'
import { type Key, pasteMarks } from './terminal/keys.ts'
import { Painter } from './terminal/painter.ts'
import { encodeLine } from './terminal/sgr.ts'
import { askSize, plausibleSize, setKernelSize, terminalFacts } from './terminal/tty.ts'
import { notChecked } from './live-checks/results.ts'
import { watchMachine } from './watch.ts'
import { reduceWizard } from './wizard/reduce.ts'
import { type Effect, initialWizard, type WizardEvent, type World } from './wizard/state.ts'

// How often a console looks whether another one answers now, in milliseconds.
const ownerDelay = 1000

// How often the stick is looked at by itself while no answers were found on it.
const mostReads = 8

/** The screens on this terminal. The first frame is painted before anything large is loaded. Never returns. */
export function setup(root: Root): void {
  const manifest = readManifest(root)
  const facts = terminalFacts()
  const ports = openPorts(root, facts.device.replace(/^\/dev\//, '') || 'console')
  let abilities = abilitiesOf(facts)
  let state = initialWizard
  let known: KnownSoFar = {}
  let inspected: readonly Disk[] | null = null
  let away = false
  let range: View['range'] = { least: 0, most: 0 }
  let showInk: ((picture: Picture) => void) | null = null
  const painter = new Painter(bytes => process.stdout.write(bytes))

  const world = (): World => ({
    known,
    rules: ports.rules,
    // The long lists are made when the first question needs them, not before the first frame.
    get lists() {
      return ports.lists()
    },
  })
  const view = (): View => wizardScreen({ manifest, world: world(), abilities, state })
  const picture = ({ lines }: View): Picture => ({
    lines,
    columns: abilities.columns,
    styles: abilities.styles && !state.plain,
  })
  const show = () => {
    if (away) return
    const now = view()
    const shown = picture(now)
    range = now.range
    painter.place(now.cursor)
    if (showInk) showInk(shown)
    else painter.paint(shown.lines.map(line => encodeLine(line, shown.styles)))
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

  /** Takes an event in; what it asks for is done at once, and what that finds out comes back as further events. */
  const take = (event: WizardEvent) => {
    const next = reduceWizard(state, event, world())
    state = next.state
    for (const effect of next.effects) perform(effect)
  }
  const tell = (event: WizardEvent) => {
    take(event)
    show()
  }
  const perform = (effect: Effect): void => {
    switch (effect.type) {
      case 'shell':
        return void openShell()
      case 'restart':
        return void askSystem('reboot')
      case 'poweroff':
        return void askSystem('poweroff')
      case 'redraw':
        redraw()
        if (abilities.askSize) process.stdout.write(askSize)
        return
      case 'quit':
        // On a console there is nothing to go back to; in a terminal window there is.
        if (facts.device.startsWith('/dev/pts/')) leave(0)
        return
      case 'save':
        return save()
      case 'log':
        return void ports.log().then(lines => tell({ type: 'log', lines }))
      case 'read-file':
        return void readStick(true)
      case 'claim': {
        const elsewhere = ports.owner.claim(effect.force)
        if (elsewhere === null) void inspect()
        return take({ type: 'owner', elsewhere, kept: effect.force ? ports.loadDraft() : null })
      }
      case 'check':
        return void ports
          .check(effect.request)
          .catch(() => notChecked('the check itself failed'))
          .then(result => tell({ type: 'checked', id: effect.request.id, run: effect.run, result }))
      case 'keyboard':
        return void ports.switchKeyboard(effect.layout)
      case 'start':
        return void start(effect)
    }
  }

  const save = () => {
    if (state.screen === 'welcome' || !ports.owner.mine()) return
    try {
      ports.saveDraft({ form: state.form, screen: state.screen })
    } catch (error) {
      // Without it the questions still work; only a crash would lose what was typed.
      process.stderr.write(`The draft could not be kept: ${(error as Error).message}\n`)
    }
  }
  const start = async ({ request }: Extract<Effect, { type: 'start' }>) => {
    // Somebody may have taken over in the very last moment.
    const elsewhere = ports.owner.claim(false)
    if (elsewhere !== null) return tell({ type: 'owner', elsewhere })
    const problem = await ports.start(request)
    if (problem !== null) {
      tell({ type: 'failed', problem: { title: 'The set-up could not be started.', words: [problem], retry: 'start' } })
    }
  }
  let reading = false
  let reads = 0
  const readStick = async (open: boolean) => {
    if (reading) return
    reading = true
    reads++
    const stick = await ports.readStick().catch(() => ({ file: null, keys: [] }))
    reading = false
    tell({ type: 'found', found: { ...state.found, ...stick }, open })
  }
  const inspect = async () => {
    if (inspected !== null || known.disks === undefined) return
    inspected = []
    const { inspectDisks } = await import('./probe/inspect.ts')
    // What the slow look cannot find out stays unknown; it keeps nobody from going on.
    inspected = await inspectDisks(root, known.disks).catch(() => [])
    known = { ...known, disks: withInspected(known.disks, inspected) }
    tell({ type: 'machine' })
  }

  const openShell = async () => {
    away = true
    keyboard.release()
    painter.leave()
    process.stdout.write(`${pasteMarks.off}A shell on this machine. "exit" or Ctrl-D brings the screen back.\r\n\n`)
    const code = await runOnTerminal('/bin/bash', ['--login'])
    if (code === null) take({ type: 'notice', words: 'The shell could not be started.' })
    away = false
    process.stdout.write(pasteMarks.on)
    keyboard.take()
    redraw()
  }
  const askSystem = async (verb: 'reboot' | 'poweroff') => {
    const complaint = await ports.power(verb)
    if (complaint !== null) tell({ type: 'notice', words: `That did not work: ${complaint}` })
  }
  const onKeys = (keys: readonly Key[]) => {
    for (const key of keys) {
      if (key.name !== 'position') {
        const pages = state.screen === 'welcome' ? pageCount(firstInput()) : 1
        take({ type: 'key', key, pages, range })
        continue
      }
      const size = plausibleSize(key.column, key.row)
      if (size === null || (size.columns === abilities.columns && size.rows === abilities.rows)) continue
      void setKernelSize(size.columns, size.rows)
      resizeTo(size.columns, size.rows)
    }
    show()
  }
  const firstInput = () => ({ manifest, known, abilities, state })
  const leave = (code: number) => {
    save()
    ports.owner.release()
    process.stdout.write(pasteMarks.off)
    painter.close()
    keyboard.release()
    process.exit(code)
  }
  const hangUp = (code: number) => {
    save()
    process.exit(code)
  }

  state = { ...state, found: { ...state.found, kept: ports.loadDraft() }, elsewhere: ports.owner.other() }
  show()
  const keyboard = openKeyboard(process.stdin, onKeys)
  keyboard.take()
  process.stdin.on('end', () => hangUp(1)).on('error', () => hangUp(1))
  process.stdout.on('error', () => hangUp(1))
  process
    .on('SIGTERM', () => leave(0))
    .on('SIGHUP', () => hangUp(0))
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
  process.stdout.write(pasteMarks.on)
  watchMachine(
    root,
    () => away,
    part => {
      known = { ...known, ...part }
      if (inspected !== null && known.disks !== undefined) {
        known = { ...known, disks: withInspected(known.disks, inspected) }
      }
      // While the machine starts, graphics and fonts change under a virtual console, and not always with a signal.
      if (!away && abilities.charset === 'console' && !followSize()) painter.distrust()
      tell({ type: 'machine' })
      if (ports.owner.mine()) void inspect()
      // The stick's own partitions may come late at boot.
      if (state.screen === 'welcome' && state.found.file === null && reads < mostReads) void readStick(false)
    },
  )
  setInterval(() => {
    const elsewhere = ports.owner.other()
    // Where another console was answering and is gone, the person decides whether to go on here.
    if (elsewhere === null && state.overlay === 'elsewhere') return
    if (elsewhere !== state.elsewhere) tell({ type: 'owner', elsewhere })
  }, ownerDelay).unref()
  // Ink's styles must not depend on the environment; the variable is read once, when Ink is loaded.
  process.env['FORCE_COLOR'] = '1'
  void import('./screens/ink.tsx').then(({ mountInk }) => {
    delete process.env['FORCE_COLOR']
    if (away) return
    showInk = mountInk(painter, picture(view()))
  })
}
