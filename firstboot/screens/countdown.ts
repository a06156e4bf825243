import type { Key } from '../terminal/keys.ts'
import { line, type Line, wrap } from '../terminal/lines.ts'
import { type CommonEffect, commonEffect, type PageInput, pageLines, roomFor } from './applying-page.ts'

/** All that the screen depends on. */
export interface CountdownInput extends PageInput {
  readonly secondsLeft: number
  /** The plan in lines, see `planLines`. */
  readonly plan: readonly string[]
}

export type CountdownEffect = CommonEffect | 'cancel'

/** The screen before the answers on the stick are used: what will happen to each disk, and how to stop it. */
export function countdownScreen(input: CountdownInput): Line[] {
  const { abilities, secondsLeft, plan } = input
  const { columns } = abilities
  const disks = plan.filter(row => row.startsWith('['))
  const body = [
    line(' The answers on the stick are complete, so nobody is asked.', 'strong'),
    line(''),
    ...disks.flatMap(row =>
      wrap(row, ' ', columns).map(each => line(each, row.startsWith('[ERASE]') ? 'strong' : 'normal')),
    ),
    line(''),
    line(` It begins in ${secondsLeft} s. Nothing has been written yet.`),
    line(' Press any key to stop it and to answer the questions on this screen.'),
  ]
  return pageLines(input, {
    title: 'Setting up',
    corner: `${secondsLeft} s`,
    body: body.slice(0, roomFor(abilities, 0)),
    menu: [],
    keys: ['any key stops it', 'F2 shell'],
  })
}

/** What a key does: every key that means nothing else stops the countdown. */
export function reduceCountdown(key: Key): CountdownEffect {
  return commonEffect(key) ?? 'cancel'
}
