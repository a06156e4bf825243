import { field } from '../form.ts'
import { gap, note, question, tick } from '../items.ts'
import type { Page } from '../page.ts'
import type { Asked } from './asked.ts'

/** Which optional services are wanted. */
export function servicesPage({ form, rules }: Asked): Page {
  return {
    items: [
      question('Which of these do you want?'),
      note('Everything else is always there. Space switches one on or off.'),
      gap,
      ...rules.services.map(({ name, words }) => tick(form, field.service(name), words, 'yes', [])),
    ],
    help: [
      'You can switch each of them on or off later. A service that is off takes no memory and no part of the processor.',
    ],
    problem: null,
  }
}
