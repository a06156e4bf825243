import type { Answers } from '../answers/answers.ts'
import type { Plan } from '../plan/plan.ts'
import { draftOf } from './draft.ts'
import { type Form, valueOf } from './form.ts'
import { inOrderOfUse, likeRows } from './media-order.ts'
import type { Page } from './page.ts'
import { type Asked, wholeMachine } from './pages/asked.ts'
import { pageOf } from './pages/page-of.ts'
import type { WizardState, World } from './state.ts'
import type { StepId } from './steps.ts'

/** What the pages depend on, for a state. */
export const askedOf = ({ form, checks, found }: WizardState, { known, rules, lists }: World): Asked => ({
  form,
  known,
  rules,
  lists,
  checks,
  fileKeys: found.keys,
})

/** The page of a question as it is now. */
export const pageNow = (state: WizardState, world: World, step: StepId): Page => pageOf(step, askedOf(state, world))

/** The answers and the plan that follows from them, or everything that is in the way. */
export type Settled =
  | { readonly ok: true; readonly answers: Answers; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Works out the plan of a form on the machine as it is known now. */
export function settle(form: Form, { known, rules }: World): Settled {
  const machine = wholeMachine(known)
  if (machine === null) return { ok: false, problems: ['The machine is still being looked at. Wait a moment.'] }
  const { answers, sources } = draftOf(
    form,
    rules.services.map(each => each.name),
  )
  const rows = inOrderOfUse(rules.mediaDisks(machine, valueOf(form, 'systemDisk')), form)
  const finished = rules.finish({ answers: { ...answers, media: likeRows(answers.media ?? [], rows) }, sources })
  if ('problems' in finished) return { ok: false, problems: finished.problems }
  const plan = rules.plan(machine, finished.answers)
  return 'problems' in plan ? { ok: false, problems: plan.problems } : { ok: true, answers: finished.answers, plan }
}
