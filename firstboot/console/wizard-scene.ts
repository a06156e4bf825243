import { readBeginning } from '../begin/beginning.ts'
import { openInspection } from '../inspection.ts'
import type { KnownSoFar } from '../machine.ts'
import { notChecked } from '../live-checks/results.ts'
import type { Manifest } from '../manifest.ts'
import type { Ports } from '../ports.ts'
import type { Root } from '../root.ts'
import { pageCount } from '../screens/first.ts'
import { wizardScreen } from '../screens/wizard.ts'
import type { Abilities } from '../terminal/abilities.ts'
import { watchMachine } from '../watch.ts'
import { reduceWizard } from '../wizard/reduce.ts'
import { type Effect, initialWizard, type WizardEvent, type WizardState, type World } from '../wizard/state.ts'
import type { HomeScene, Stage } from './scene.ts'
import { shellWords } from './words.ts'

// How often a console looks whether another one answers now, in milliseconds.
const ownerDelay = 1000

// How often the stick is looked at by itself while no answers were found on it.
const mostReads = 8

/**
 * The questions. `current` tells whether they are what the console shows; otherwise nothing is looked at. `edit` opens the
 * summary of the answers that did not work out, on whatever console they were given.
 */
export function wizardScene(
  stage: Stage,
  { root, ports, manifest, current }: { root: Root; ports: Ports; manifest: Manifest; current: () => boolean },
): HomeScene {
  const present = ports.present()
  const file = present === null ? null : { draft: present, present: true }
  let state: WizardState = {
    ...initialWizard,
    found: { ...initialWizard.found, file, kept: ports.loadDraft() },
    elsewhere: ports.owner.other(),
  }
  let known: KnownSoFar = {}
  const inspection = openInspection(root)
  let shownOn: Abilities | null = null

  const world = (): World => ({
    known,
    rules: ports.rules,
    // The long lists are made when the first question needs them, not before the first frame.
    get lists() {
      return ports.lists()
    },
  })

  /** Takes an event in; what it asks for is done at once, and what that finds out comes back as further events. */
  const take = (event: WizardEvent) => {
    const next = reduceWizard(state, event, world())
    state = next.state
    for (const effect of next.effects) perform(effect)
  }
  const tell = (event: WizardEvent) => {
    take(event)
    if (current()) stage.show()
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
        return stage.redraw()
      case 'quit':
        return stage.quit()
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
  const lookForHindrances = () => {
    const beginning = readBeginning(root)
    const hindrances = beginning?.kind === 'ask' ? beginning.problems : []
    if (hindrances.join('\n') !== state.found.hindrances.join('\n'))
      tell({ type: 'found', found: { ...state.found, hindrances } })
  }
  const withKnownDisks = (now: KnownSoFar): KnownSoFar =>
    now.disks === undefined ? now : { ...now, disks: inspection.known(now.disks) }
  const inspect = async () => {
    if (known.disks === undefined || !current()) return
    if (!(await inspection.inspect(known.disks))) return
    known = withKnownDisks(known)
    tell({ type: 'machine' })
  }
  const openShell = async () => {
    const code = await stage.give('/bin/bash', ['--login'], shellWords)
    if (code === null) tell({ type: 'notice', words: 'The shell could not be started.' })
  }
  const askSystem = async (verb: 'reboot' | 'poweroff') => {
    const complaint = await ports.power(verb)
    if (complaint !== null) tell({ type: 'notice', words: `That did not work: ${complaint}` })
  }

  watchMachine(
    root,
    () => stage.away() || !current(),
    part => {
      known = withKnownDisks({ ...known, ...part })
      if (current()) stage.distrust()
      tell({ type: 'machine' })
      if (ports.owner.mine()) void inspect()
      lookForHindrances()
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

  return {
    edit() {
      const kept = ports.loadDraft()
      if (kept !== null) return tell({ type: 'edit', kept, agreed: null })
      void ports
        .agreed()
        .catch(() => null)
        .then(agreed => tell({ type: 'edit', kept, agreed }))
    },
    view(abilities) {
      shownOn = abilities
      return wizardScreen({ manifest, world: world(), abilities, state })
    },
    plain: () => state.plain,
    keys(keys, { range }) {
      for (const key of keys) {
        const first = state.screen === 'welcome' && shownOn !== null
        const pages = first ? pageCount({ manifest, known, abilities: shownOn as Abilities, state }) : 1
        take({ type: 'key', key, pages, range })
      }
    },
    leave() {
      save()
      ports.owner.release()
    },
  }
}
