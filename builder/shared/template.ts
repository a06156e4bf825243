import Handlebars from 'handlebars'
import { UserError } from './errors.ts'

/** Fills a template of a system file. A name without a value is an error, and nothing is escaped for HTML. */
export function fillTemplate(name: string, template: string, values: Readonly<Record<string, unknown>>): string {
  try {
    return Handlebars.compile(template, { strict: true, noEscape: true })(values)
  } catch (error) {
    throw new UserError(`The template ${name} cannot be filled: ${(error as Error).message}`)
  }
}
