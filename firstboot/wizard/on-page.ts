import type { Key } from '../terminal/keys.ts'
import { pageNow, settle } from './asked-of.ts'
import { checkOf } from './checks.ts'
import { isAgreed } from './consent.ts'
import { beginCheck, beginDueChecks } from './due-checks.ts'
import { edit } from './editor.ts'
import { sshKeysOf, valueOf, withValue } from './form.ts'
import { matching } from './lists.ts'
import { also, currentPage, enter, focusAt, goBack, goOn } from './moves.ts'
import {
  type ButtonItem,
  type Focusable,
  focusables,
  focusOf,
  nameOf,
  obstacle,
  type OptionItem,
  type Page,
  type PickerItem,
  type TextItem,
} from './page.ts'
import { consentField } from './pages/agree.ts'
import type { Next, WizardState, World } from './state.ts'
import { isStep, steps, stepTitles } from './steps.ts'

const stay = (state: WizardState): Next => ({ state, effects: [] })

/** What a key does on a page with things to fill in. */
export function onPage(before: WizardState, key: Key, world: World): Next {
  const page = currentPage(before, world)
  if (key.name === 'escape') return goBack(before, world)
  if (page === null) return stay(before)
  const item = focusOf(page, before.focus)
  if (item === undefined) return key.name === 'enter' ? goOnFrom(before, page, world) : stay(before)
  // What the page calls the beginning gets a name, so that it stays the same when the page changes.
  const state = nameOf(item) === before.focus ? before : focusAt(before, item)
  const next = onItem(state, key, { page, item, world })
  const due =
    next.state.screen === state.screen ? beginDueChecks(next.state, world) : { state: next.state, effects: [] }
  return { state: due.state, effects: [...next.effects, ...due.effects] }
}

interface Here<T extends Focusable = Focusable> {
  readonly page: Page
  readonly item: T
  readonly world: World
}

function onItem(state: WizardState, key: Key, here: Here): Next {
  const { page, item, world } = here
  const picking = item.type === 'picker' ? onPicker(state, key, { ...here, item }) : null
  if (picking !== null) return picking
  if (key.name === 'up' || key.name === 'backtab') return stay(focusNext(state, page, item, -1))
  if (key.name === 'down' || key.name === 'tab') return stay(focusNext(state, page, item, 1))
  if (key.name === 'pagedown') return stay({ ...state, scroll: state.scroll + 1 })
  if (key.name === 'pageup') return stay({ ...state, scroll: state.scroll - 1 })
  if (key.name === 'reveal') return stay({ ...state, revealed: !state.revealed })
  switch (item.type) {
    case 'text':
      return onText(state, key, { ...here, item })
    case 'option':
      return onOption(state, key, { ...here, item })
    case 'button':
      return onButton(state, key, { ...here, item })
    case 'row':
      return key.name === 'enter' || isSpace(key) ? enter(state, item.step, world) : stay(state)
    case 'picker':
      return stay(state)
  }
}

const isSpace = (key: Key): boolean => key.name === 'char' && key.char === ' '

function focusNext(state: WizardState, page: Page, item: Focusable, by: 1 | -1): WizardState {
  const all = focusables(page)
  const next = all[all.findIndex(each => nameOf(each) === nameOf(item)) + by]
  return next === undefined ? state : focusAt(state, next)
}

/** A value was typed or chosen: what was found out about the old one does not count any more. */
function withTyped(state: WizardState, name: string, value: string): WizardState {
  const same = valueOf(state.form, name) === value
  const now = { ...state, insisted: same && state.insisted, notice: null }
  if (name.startsWith(consentField('')) && state.consent !== null) {
    const typed = { ...state.consent.typed, [name.slice(consentField('').length)]: value }
    return { ...now, consent: { ...state.consent, typed } }
  }
  const outdated = checkOf[name]
  const checks = { ...state.checks }
  if (outdated !== undefined) delete checks[outdated]
  return { ...now, checks, form: withValue(state.form, name, value, 'person') }
}

/** Goes to the next field that asks something, or on to the next screen. */
function advance(state: WizardState, item: Focusable, world: World): Next {
  const page = currentPage(state, world)
  if (page === null) return stay(state)
  const all = focusables(page)
  const at = all.findIndex(each => nameOf(each) === nameOf(item))
  const asked = new Set(all.slice(0, at + 1).map(each => (each.type === 'option' ? each.field : nameOf(each))))
  const wanted = all.slice(at + 1).find(each => {
    if (each.type === 'button' || each.type === 'row' || (each.type === 'text' && each.aside)) return false
    if (each.type !== 'option') return true
    return !each.many && !asked.has(each.field)
  })
  if (wanted === undefined) return goOnFrom(state, page, world)
  const group = all.filter(
    (each): each is OptionItem => each.type === 'option' && 'field' in wanted && each.field === wanted.field,
  )
  const target =
    wanted.type === 'option' ? (group.find(each => each.chosen) ?? group.find(each => !each.refused)) : wanted
  return stay(focusAt(state, target ?? wanted))
}

/** Goes on if nothing is in the way, else to what is. A failed check is told once; Enter again goes on all the same. */
function goOnFrom(state: WizardState, page: Page, world: World): Next {
  const inTheWay = obstacle(page)
  if (inTheWay !== null) {
    const at = inTheWay.at ?? focusOf(page, state.focus)
    const told = focusAt(state, at)
    const shownThere = at?.type === 'text' && at.value !== '' && at.problem !== null
    return stay({ ...told, tried: true, notice: shownThere ? null : inTheWay.words })
  }
  const failed = page.items
    .flatMap(item => (item.type === 'check' ? [state.checks[item.id]?.result] : []))
    .find(result => result?.verdict === 'bad')
  if (failed && !state.insisted) {
    return stay({ ...state, insisted: true, notice: 'Something above is wrong. Enter once more goes on all the same.' })
  }
  if (state.screen === 'agree') return start(state, world)
  return goOn(state, world)
}

/** The only way to start: with the consent to the very plan that the machine of this moment gives. */
function start(state: WizardState, world: World): Next {
  const settled = settle(state.form, world)
  if (!settled.ok || !isAgreed(settled.plan, state.consent)) return enter(state, 'agree', world)
  const { answers, plan } = settled
  const request = { answers, plan, planHash: plan.hash, eraseTyped: state.consent?.typed ?? {} }
  return { state: { ...state, screen: 'starting', notice: null }, effects: [{ type: 'start', request }] }
}

function onText(state: WizardState, key: Key, { item, world }: Here<TextItem>): Next {
  if (key.name === 'enter')
    return item.takes === undefined || item.value.trim() === '' ? advance(state, item, world) : take(state, item, world)
  if (key.name === 'paste' && item.takes === 'add-key') return takeKeys(state, item, key.text, world)
  const edited = edit({ text: item.value, cursor: state.cursor }, key, item)
  if (edited === null) return stay(state)
  if (edited.text === item.value) return stay({ ...state, cursor: edited.cursor })
  return stay({ ...withTyped(state, item.field, edited.text), cursor: edited.cursor, scroll: 0 })
}

function take(state: WizardState, item: TextItem, world: World): Next {
  if (item.problem !== null) return stay({ ...state, tried: true })
  if (item.takes === 'add-key') return takeKeys(state, item, '', world)
  const check = state.checks.github
  if (check?.result?.verdict !== 'good') return check?.result === null ? stay(state) : beginCheck(state, 'github')
  const page = currentPage(state, world)
  const use = page === null ? undefined : focusables(page).find(each => nameOf(each) === 'button:use-github')
  return use === undefined ? advance(state, item, world) : stay(focusAt(state, use))
}

/** Takes the keys that were typed or pasted; a line that is no key stays in the field, unless it is a private key. */
function takeKeys(state: WizardState, item: TextItem, pasted: string, world: World): Next {
  const lines = `${item.value}${pasted}`
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
  const good = lines.filter(line => world.rules.validate('sshKey', line) === null)
  const bad = lines.find(line => !good.includes(line))
  const taken = addKeys(state, good)
  if (bad === undefined) return stay({ ...withTyped(taken, item.field, ''), cursor: 0 })
  if (/^-----|PRIVATE KEY/.test(bad)) {
    return stay({ ...withTyped(taken, item.field, ''), cursor: 0, notice: world.rules.validate('sshKey', bad) })
  }
  const left = Array.from(bad)
    .filter(char => item.accepts.test(char))
    .slice(0, item.limit)
    .join('')
  return stay({ ...withTyped(taken, item.field, left), cursor: Array.from(left).length })
}

function addKeys(state: WizardState, lines: readonly string[]): WizardState {
  const all = [...new Set([...sshKeysOf(state.form), ...lines])]
  return lines.length === 0 ? state : withTyped(state, 'sshKeys', all.join('\n'))
}

function onOption(state: WizardState, key: Key, { item, world }: Here<OptionItem>): Next {
  const refused = item.refused ?? null
  if (isSpace(key)) {
    if (refused !== null) return stay({ ...state, notice: `This cannot be chosen: ${refused}.` })
    return stay(chosenBy(state, item))
  }
  if (key.name !== 'enter') return stay(state)
  if (item.many || item.chosen) return advance(state, item, world)
  if (refused !== null) return stay({ ...state, notice: `This cannot be chosen: ${refused}.` })
  if (item.destroys) return stay({ ...state, notice: 'Press Space to choose this, then Enter to go on.' })
  return advance(chosenBy(state, item), item, world)
}

const chosenBy = (state: WizardState, item: OptionItem): WizardState =>
  withTyped(state, item.field, item.many && item.chosen ? 'no' : item.value)

function onButton(state: WizardState, key: Key, { item, page, world }: Here<ButtonItem>): Next {
  if (item.removes) {
    if (key.name !== 'delete' && key.name !== 'backspace') {
      return key.name === 'enter' ? goOnFrom(state, page, world) : stay(state)
    }
    const at = Number(item.id.slice('key:'.length))
    const left = sshKeysOf(state.form).filter((_, index) => index !== at)
    const next = withTyped(state, 'sshKeys', left.join('\n'))
    // The row that was taken off is not there any more: its follower has its name, or the one before it.
    return stay({ ...next, focus: `button:key:${Math.max(0, Math.min(at, left.length - 1))}` })
  }
  if (key.name !== 'enter' && !isSpace(key)) return stay(state)
  if (item.id === 'use-github') {
    const taken = addKeys(state, state.checks.github?.result?.found ?? [])
    return stay(focusAt(withTyped(taken, 'github', ''), undefined))
  }
  if (item.id === 'use-file') return stay(focusAt(addKeys(state, state.found.keys), undefined))
  if (item.id === 'check:internet') return beginCheck(state, 'internet')
  if (item.id === 'go') return goToAgree(state, page, world)
  if (item.id === 'not-yet') return goBack(state, world)
  // Only Enter starts, and what erases something has no such button.
  return item.id === 'start' && key.name === 'enter' ? start(state, world) : stay(state)
}

function goToAgree(state: WizardState, page: Page, world: World): Next {
  const open = steps.find(step => obstacle(pageNow(state, world, step)) !== null)
  const words = open === undefined ? page.problem : `${stepTitles[open]} is not answered yet.`
  if (words === null) return enter(state, 'agree', world)
  const row = focusables(page).find(item => item.type === 'row' && item.step === open)
  return stay({ ...(row === undefined ? state : focusAt(state, row)), notice: words })
}

/** Keys that a list takes for itself; null for all others. */
function onPicker(state: WizardState, key: Key, { page, item, world }: Here<PickerItem>): Next | null {
  const found = matching(item.choices, state.filter)
  const highlight = Math.min(state.highlight, Math.max(0, found.length - 1))
  const moveTo = (to: number) =>
    stay({ ...state, highlight: Math.max(0, Math.min(found.length - 1, to)), notice: null })
  if (key.name === 'up') return highlight === 0 ? stay(focusNext(state, page, item, -1)) : moveTo(highlight - 1)
  if (key.name === 'down') return moveTo(highlight + 1)
  if (key.name === 'pageup') return moveTo(highlight - 8)
  if (key.name === 'pagedown') return moveTo(highlight + 8)
  if (key.name === 'home') return moveTo(0)
  if (key.name === 'end') return moveTo(found.length - 1)
  if (key.name === 'enter') {
    const choice = found[highlight]
    if (choice === undefined)
      return stay({ ...state, notice: 'Nothing in the list is called that. Backspace takes letters away.' })
    const changed = choice.value !== valueOf(state.form, item.field)
    const next = advance(withTyped(state, item.field, choice.value), item, world)
    return changed && item.field === 'keyboard' ? also(next, [{ type: 'keyboard', layout: choice.value }]) : next
  }
  const edited = edit({ text: state.filter, cursor: Array.from(state.filter).length }, key, {
    accepts: /^[\p{L}\p{N} /()_+.,'-]$/u,
    limit: 40,
  })
  if (edited === null || key.name === 'left' || key.name === 'right') return null
  return stay({ ...state, filter: edited.text, highlight: 0, notice: null })
}

/** True where Ctrl-R has something to show. */
export const hasSecret = (page: Page): boolean => focusables(page).some(item => item.type === 'text' && item.secret)

/** True while the screen is one of the questions, the summary or the consent. */
export const isPage = (state: WizardState): boolean =>
  isStep(state.screen) || state.screen === 'review' || state.screen === 'agree'
