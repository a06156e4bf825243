import type { Answers, Draft } from '../answers/answers.ts'
import type { Key } from '../terminal/keys.ts'
import { settle } from './asked-of.ts'
import { noConsent } from './consent.ts'
import { formOf } from './draft.ts'
import type { Form } from './form.ts'
import { type MenuAction, menuOf } from './menus.ts'
import { also, enter } from './moves.ts'
import { isPage, onPage } from './on-page.ts'
import type { Effect, Next, Problem, WizardEvent, WizardState, World } from './state.ts'
import { withoutOtherMedia } from './unsaid-media.ts'

const stay = (state: WizardState, ...effects: Effect[]): Next => ({ state, effects })

/** What happens next: the state after an event, and what is to be done outside. Pure. */
export function reduceWizard(state: WizardState, event: WizardEvent, world: World): Next {
  const next = onEvent(state, event, world)
  const changed = next.state.form !== state.form || next.state.screen !== state.screen
  const worthKeeping = changed && next.state.screen !== 'welcome' && next.state.elsewhere === null
  return worthKeeping ? { state: next.state, effects: [...next.effects, { type: 'save' }] } : next
}

const boundless = { least: -Infinity, most: Infinity }

function onEvent(state: WizardState, event: WizardEvent, world: World): Next {
  switch (event.type) {
    case 'key': {
      const next = onKey(state, event.key, world, event.pages ?? 1)
      const { least, most } = event.range ?? boundless
      const scroll = Math.max(least, Math.min(most, next.state.scroll))
      return scroll === next.state.scroll ? next : { ...next, state: { ...next.state, scroll } }
    }
    case 'checked': {
      const check = state.checks[event.id]
      if (check?.run !== event.run) return stay(state)
      return stay({ ...state, checks: { ...state.checks, [event.id]: { run: event.run, result: event.result } } })
    }
    case 'machine':
      return stay(withFreshConsent(withFreshSummary(state, world), world))
    case 'found': {
      const next = { ...state, found: event.found }
      return event.open ? openFile(next, world) : stay(next)
    }
    case 'owner':
      return onOwner(state, event.elsewhere, event.kept ?? null, world)
    case 'edit': {
      const agreed = event.agreed === null ? state.form : formFrom({ draft: event.agreed }, world)
      const form = event.kept?.form ?? agreed
      return also(enter({ ...state, form, consent: null, elsewhere: null }, 'review', world), [claim])
    }
    case 'log':
      return stay({ ...state, overlay: 'log', log: event.lines, scroll: 0 })
    case 'failed':
      return enter({ ...state, problem: event.problem }, 'problem', world)
    case 'notice':
      return stay({ ...state, notice: event.words })
  }
}

/** The summary is of the disks that are here. */
const withFreshSummary = (state: WizardState, world: World): WizardState =>
  state.screen === 'review' ? { ...state, form: withoutOtherMedia(state.form, world) } : state

/** Consent ends as soon as the plan is another one. */
function withFreshConsent(state: WizardState, world: World): WizardState {
  if (state.screen !== 'agree' || state.consent === null) return state
  const settled = settle(state.form, world)
  if (settled.ok && settled.plan.hash === state.consent.planHash) return state
  const notice = 'What will be done has changed, for instance because of a disk. Please read it again.'
  if (!settled.ok) return { ...enter(state, 'review', world).state, consent: null, notice }
  return { ...state, consent: noConsent(settled.plan), focus: '', cursor: 0, notice }
}

function onOwner(state: WizardState, elsewhere: string | null, kept: WizardState['found']['kept'], world: World): Next {
  if (elsewhere !== null) return stay({ ...state, elsewhere, overlay: state.screen === 'welcome' ? null : 'elsewhere' })
  const mine: WizardState = { ...state, elsewhere: null, overlay: state.overlay === 'elsewhere' ? null : state.overlay }
  if (kept === null) return stay(mine)
  return enter({ ...mine, form: kept.form, consent: null, reviewed: kept.screen === 'review' }, kept.screen, world)
}

function onKey(state: WizardState, key: Key, world: World, pages: number): Next {
  const everywhere = onEveryScreen(state, key)
  if (everywhere !== null) return everywhere
  if (state.overlay === 'elsewhere') {
    return key.name === 'enter' ? stay(state, { type: 'claim', force: true }) : stay(state)
  }
  if (state.overlay === 'help' || state.overlay === 'log') return onReading(state, key)
  if (state.overlay === 'power' || state.screen === 'welcome' || state.screen === 'problem') {
    return onMenu(state, key, world, pages)
  }
  return isPage(state) ? onPage(state, key, world) : stay(state)
}

// Keys that mean the same everywhere; null for all others.
function onEveryScreen(state: WizardState, key: Key): Next | null {
  if (key.name === 'f1') {
    const overlay = state.overlay === 'help' ? null : (state.overlay ?? 'help')
    return stay({ ...state, overlay, scroll: 0, notice: null })
  }
  if (key.name === 'f2') return stay({ ...state, notice: null }, { type: 'shell' })
  if (key.name === 'f3' || key.name === 'redraw') return stay(state, { type: 'redraw' })
  if (key.name === 'f4') return stay({ ...state, plain: !state.plain, notice: null }, { type: 'redraw' })
  if (key.name === 'f10') {
    return stay(state.overlay === 'elsewhere' ? state : { ...state, overlay: 'power', chosen: 0, notice: null })
  }
  return key.name === 'interrupt' ? stay(state, { type: 'save' }, { type: 'quit' }) : null
}

function onReading(state: WizardState, key: Key): Next {
  const by = { up: -1, down: 1, pageup: -10, pagedown: 10 } as const
  if (key.name in by) {
    return stay({ ...state, scroll: state.scroll + by[key.name as keyof typeof by] })
  }
  if (key.name === 'escape' || key.name === 'enter') return stay({ ...state, overlay: null, scroll: 0 })
  return stay(state)
}

function onMenu(state: WizardState, key: Key, world: World, pages: number): Next {
  const entries = menuOf(state)
  const at = Math.min(state.chosen, entries.length - 1)
  const moved = (chosen: number) => stay({ ...state, chosen: (chosen + entries.length) % entries.length, notice: null })
  if (key.name === 'up' || key.name === 'backtab') return moved(at - 1)
  if (key.name === 'down' || key.name === 'tab') return moved(at + 1)
  if (key.name === 'pagedown') return stay({ ...state, page: Math.min(pages - 1, state.page + 1) })
  if (key.name === 'pageup') return stay({ ...state, page: Math.max(0, Math.min(pages - 1, state.page) - 1) })
  if (key.name === 'escape') return state.overlay === 'power' ? act(state, 'back', world) : stay(state)
  if (key.name === 'enter') {
    const entry = entries[at]
    return entry === undefined ? stay(state) : act(state, entry.action, world)
  }
  if (key.name !== 'char') return stay(state)
  const letters: Readonly<Record<string, MenuAction>> = { s: 'shell', t: 'plain', p: 'power' }
  const action = letters[key.char.toLowerCase()]
  return action === undefined ? stay(state) : act(state, action, world)
}

const claim: Effect = { type: 'claim', force: false }

function act(state: WizardState, action: MenuAction, world: World): Next {
  switch (action) {
    case 'setup':
      return also(enter(state, state.reviewed ? 'review' : 'language', world), [claim])
    case 'continue': {
      const { kept } = state.found
      if (kept === null) return stay(state)
      const next = { ...state, form: kept.form, reviewed: kept.screen === 'review' }
      return also(enter(next, kept.screen, world), [claim])
    }
    case 'file':
      return also(openFile(state, world), [claim])
    case 'retry':
      return state.problem?.retry === 'start' ? enter(state, 'agree', world) : stay(state, { type: 'read-file' })
    case 'edit':
      return state.problem?.retry === 'start' ? enter(state, 'review', world) : enter(state, 'language', world)
    case 'log':
      return stay(state, { type: 'log' })
    case 'shell':
      return stay({ ...state, notice: null }, { type: 'shell' })
    case 'plain':
      return stay({ ...state, plain: !state.plain, notice: null }, { type: 'redraw' })
    case 'power':
      return stay({ ...state, overlay: 'power', chosen: 0, notice: null })
    case 'back':
      return stay({ ...state, overlay: null, chosen: 0, notice: null })
    case 'restart':
      return stay({ ...state, notice: 'Restarting ...' }, { type: 'save' }, { type: 'restart' })
    case 'poweroff':
      return stay({ ...state, notice: 'Powering off ...' }, { type: 'save' }, { type: 'poweroff' })
  }
}

const gone: Problem = {
  title: 'There is no file with answers.',
  words: [
    'mediaserver.yaml was not found on the stick. Put it onto the partition CONFIG, or answer the questions here.',
  ],
  retry: 'read-file',
}

/** Takes the answers of the file and shows the summary, or says what is wrong with them. */
function openFile(state: WizardState, world: World): Next {
  const { file } = state.found
  if (file === null) return enter({ ...state, problem: gone }, 'problem', world)
  if ('problems' in file) {
    const title = 'The answers in mediaserver.yaml cannot be used as they are.'
    return enter({ ...state, problem: { title, words: file.problems, retry: 'read-file' } }, 'problem', world)
  }
  return enter({ ...state, form: formFrom(file, world), consent: null }, 'review', world)
}

const formFrom = ({ draft, missing }: { draft: Draft; missing?: readonly (keyof Answers)[] }, { rules }: World): Form =>
  formOf(
    draft,
    rules.services.map(each => each.name),
    missing,
  )
