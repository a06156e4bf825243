import { Secret } from '../answers/secret.ts'
import { pageNow } from './asked-of.ts'
import type { CheckId, CheckRequest } from './checks.ts'
import { type Form, valueOf } from './form.ts'
import { focusables, nameOf } from './page.ts'
import type { Next, WizardState, World } from './state.ts'
import { isStep } from './steps.ts'

/** Begins a check anew. The one that may still run is forgotten. */
export function beginCheck(state: WizardState, id: CheckId): Next {
  const request = requestOf(id, state.form)
  if (request === null) return { state, effects: [] }
  const run = state.runs + 1
  return {
    state: { ...state, runs: run, checks: { ...state.checks, [id]: { run, result: null } } },
    effects: [{ type: 'check', run, request }],
  }
}

/** Begins the checks of everything on the page that is complete, was not checked, and is not being typed. */
export function beginDueChecks(state: WizardState, world: World): Next {
  if (!isStep(state.screen)) return { state, effects: [] }
  let next: Next = { state, effects: [] }
  for (const item of focusables(pageNow(state, world, state.screen))) {
    if (item.type !== 'text' || item.check === undefined || nameOf(item) === state.focus) continue
    if (item.value === '' || item.problem !== null || next.state.checks[item.check] !== undefined) continue
    const begun = beginCheck(next.state, item.check)
    next = { state: begun.state, effects: [...next.effects, ...begun.effects] }
  }
  return next
}

/** What opens with a page: checks that need no answer. Those that could not be made are made again. */
export function beginPageChecks(state: WizardState): Next {
  const id = state.screen === 'network' ? 'internet' : state.screen === 'vpn' ? 'countries' : null
  if (id === null) return { state, effects: [] }
  const check = state.checks[id]
  const wanted = check === undefined || (check.result !== null && check.result.verdict !== 'good')
  return wanted ? beginCheck(state, id) : { state, effects: [] }
}

function requestOf(id: CheckId, form: Form): CheckRequest | null {
  const text = (name: string) => valueOf(form, name).trim()
  switch (id) {
    case 'internet':
    case 'countries':
      return { id }
    case 'address':
      return text('interface') === '' ? null : { id, interface: text('interface'), address: text('address') }
    case 'vpn':
      return { id, token: new Secret(text('vpn.token')) }
    case 'domain':
      return { id, name: text('domain.name') }
    case 'github':
      return { id, name: text('github') }
  }
}
