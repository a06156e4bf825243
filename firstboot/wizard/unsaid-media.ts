import type { Machine } from '../machine.ts'
import { absentMedia } from './absent-media.ts'
import { field, type Form, sourceOf, valueOf, withValue } from './form.ts'
import { wholeMachine } from './pages/asked.ts'
import type { World } from './state.ts'

/** Fills in what disks are used for before anybody decides: what can be kept is kept, nothing is ever erased. */
export function withUsualMedia(form: Form, { known, rules }: World): Form {
  const machine = wholeMachine(known)
  if (machine === null) return form
  const now = withoutGoneMedia(form, machine)
  return rules
    .mediaDisks(machine, valueOf(now, 'systemDisk'))
    .filter(row => row.usual !== null && valueOf(now, field.media(row.id)) === '')
    .reduce((all, row) => withValue(all, field.media(row.id), row.usual ?? '', 'probe'), now)
}

/**
 * Leaves every disk alone that nobody said anything about: a file need not name them, and one may be plugged in late. What
 * had its usual use before it was unplugged for a while has it again.
 */
export function withoutOtherMedia(form: Form, { known, rules }: World): Form {
  const machine = wholeMachine(known)
  if (machine === null) return form
  const now = withoutGoneMedia(form, machine)
  // Empty, and not left out: a file wants to be asked about them.
  if (now.texts['media'] === '') return now
  return rules
    .mediaDisks(machine, valueOf(now, 'systemDisk'))
    .filter(row => row.id !== '' && valueOf(now, field.media(row.id)) === '')
    .reduce((all, row) => {
      const name = field.media(row.id)
      const again = sourceOf(all, name) === 'probe' ? row.usual : null
      return again === null ? withValue(all, name, 'ignore', 'default') : withValue(all, name, again, 'probe')
    }, now)
}

// What was filled in here goes with its disk, and only its source stays; what a person or a file wants is missed.
const withoutGoneMedia = (form: Form, machine: Machine): Form =>
  absentMedia(form, machine)
    .map(([disk]) => ({ name: field.media(disk), source: sourceOf(form, field.media(disk)) }))
    .filter(({ source }) => source === 'probe' || source === 'default')
    .reduce((now, { name, source }) => withValue(now, name, '', source), form)
