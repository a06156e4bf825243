import { askedOf, pageNow, settle } from './asked-of.ts'
import { noConsent } from './consent.ts'
import { beginDueChecks, beginPageChecks } from './due-checks.ts'
import { field, type Form, valueOf, withValue } from './form.ts'
import { type Focusable, focusables, focusOf, nameOf, type Page } from './page.ts'
import { agreePage } from './pages/agree.ts'
import { wholeMachine } from './pages/asked.ts'
import { reviewPage } from './pages/review.ts'
import type { Effect, Next, ScreenId, WizardState, World } from './state.ts'
import { isStep, steps } from './steps.ts'

/** The page of what the person is looking at; null where there is a menu or nothing to fill in. */
export function currentPage(state: WizardState, world: World): Page | null {
  if (isStep(state.screen)) return pageNow(state, world, state.screen)
  if (state.screen !== 'review' && state.screen !== 'agree') return null
  const settled = settle(state.form, world)
  if (state.screen === 'review') {
    return reviewPage(askedOf(state, world), settled.ok ? settled.plan : null, settled.ok ? [] : settled.problems)
  }
  return settled.ok && state.consent !== null ? agreePage(settled.plan, state.consent) : null
}

/** Puts the focus on an item, with the cursor at its end and the mark on its value. */
export function focusAt(state: WizardState, item: Focusable | undefined): WizardState {
  const at = item?.type === 'picker' ? item.choices.findIndex(choice => choice.value === item.value) : 0
  return {
    ...state,
    focus: item === undefined ? '' : nameOf(item),
    cursor: item?.type === 'text' ? Array.from(item.value).length : 0,
    filter: '',
    highlight: Math.max(0, at),
    scroll: 0,
    notice: null,
  }
}

/** Opens a screen, with the focus where a person would begin. */
export function enter(from: WizardState, screen: ScreenId, world: World): Next {
  let state: WizardState = {
    ...from,
    screen,
    overlay: null,
    chosen: 0,
    tried: false,
    insisted: false,
    revealed: false,
    reviewed: from.reviewed || screen === 'review',
  }
  if (screen === 'media') state = { ...state, form: withUsualMedia(state.form, world) }
  if (screen === 'review') state = { ...state, form: withoutOtherMedia(state.form, world) }
  if (screen === 'agree') {
    const settled = settle(state.form, world)
    if (!settled.ok) return enter({ ...from, notice: null }, 'review', world)
    const same = state.consent?.planHash === settled.plan.hash
    state = { ...state, consent: same ? state.consent : noConsent(settled.plan) }
  }
  const page = currentPage(state, world)
  state = focusAt(state, page === null ? undefined : beginningOf(page, screen))
  const opened = beginPageChecks(state)
  return { state: opened.state, effects: opened.effects }
}

// The summary begins at its end: most people only read it and go on.
const beginningOf = (page: Page, screen: ScreenId): Focusable | undefined =>
  screen === 'review' ? focusables(page).at(-1) : focusOf(page, '')

/** Leaves a question: to the summary once that was seen, else to the next one. */
export function goOn(state: WizardState, world: World): Next {
  const due = beginDueChecks({ ...state, focus: '' }, world)
  const { screen } = state
  const next: ScreenId =
    !isStep(screen) || state.reviewed ? 'review' : (steps[steps.indexOf(screen) + 1] ?? ('review' as const))
  return also(enter(due.state, next, world), due.effects)
}

/** Goes back by one screen; nothing that was typed is lost. */
export function goBack(state: WizardState, world: World): Next {
  const { screen } = state
  if (screen === 'agree') return enter(state, 'review', world)
  if (screen === 'review') return enter({ ...state, reviewed: false }, steps.at(-1) ?? 'welcome', world)
  if (!isStep(screen)) return enter(state, 'welcome', world)
  if (state.reviewed) return enter(state, 'review', world)
  return enter(state, steps[steps.indexOf(screen) - 1] ?? 'welcome', world)
}

/** Adds effects in front. */
export const also = (next: Next, effects: readonly Effect[]): Next => ({
  state: next.state,
  effects: [...effects, ...next.effects],
})

/** Leaves every disk alone that nobody said anything about: a file need not name them, and one may be plugged in late. */
function withoutOtherMedia(form: Form, { known, rules }: World): Form {
  const machine = wholeMachine(known)
  // Empty, and not left out: a file wants to be asked about them.
  if (machine === null || form.texts['media'] === '') return form
  return rules
    .mediaDisks(machine, valueOf(form, 'systemDisk'))
    .filter(row => row.id !== '' && valueOf(form, field.media(row.id)) === '')
    .reduce((now, row) => withValue(now, field.media(row.id), 'ignore', 'default'), form)
}

/** Fills in what disks are used for before anybody decides: what can be kept is kept, nothing is ever erased. */
function withUsualMedia(form: Form, { known, rules }: World): Form {
  const machine = wholeMachine(known)
  if (machine === null) return form
  return rules
    .mediaDisks(machine, valueOf(form, 'systemDisk'))
    .filter(row => row.usual !== null && valueOf(form, field.media(row.id)) === '')
    .reduce((now, row) => withValue(now, field.media(row.id), row.usual ?? '', 'probe'), form)
}
