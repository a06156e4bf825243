import type { Key } from '../terminal/keys.ts'

/** What the person has done so far on the first screen. */
export interface State {
  readonly view: 'home' | 'power'
  /** Which entry of the menu is chosen, from 0. */
  readonly chosen: number
  /** Which page of the facts is shown, from 0. */
  readonly page: number
  /** The person asked for a plain screen. */
  readonly plain: boolean
  /** One line in place of the menu's hint: what is happening, or why something did not work. */
  readonly notice: string | null
}

/** Something to be done outside; the reducer only asks for it. */
export type Effect = 'shell' | 'restart' | 'poweroff' | 'redraw' | 'quit'

type Action = 'shell' | 'power' | 'plain' | 'back' | 'restart' | 'poweroff'

/** The menus: what is chosen with Enter. The first entry is the harmless one. */
export const menus: Readonly<Record<State['view'], readonly { action: Action; words: string }[]>> = {
  home: [
    { action: 'shell', words: 'Open a shell' },
    { action: 'plain', words: 'Change between plain and rich screen' },
    { action: 'power', words: 'Restart or power off' },
  ],
  power: [
    { action: 'back', words: 'Back' },
    { action: 'restart', words: 'Restart' },
    { action: 'poweroff', words: 'Power off' },
  ],
}

/** The state at start. */
export const initialState: State = { view: 'home', chosen: 0, page: 0, plain: false, notice: null }

/** What a key does: the next state, and perhaps an effect. `pages` is how many there are to turn. */
export function reduce(state: State, key: Key, pages = 1): { state: State; effect?: Effect } {
  const action = actionOf(state, key)
  if (action !== null) return act(state, action)
  const entries = menus[state.view].length
  if (key.name === 'up') return { state: { ...state, chosen: (state.chosen + entries - 1) % entries, notice: null } }
  if (key.name === 'down') return { state: { ...state, chosen: (state.chosen + 1) % entries, notice: null } }
  if (key.name === 'pagedown') return { state: { ...state, page: Math.min(pages - 1, state.page + 1) } }
  if (key.name === 'pageup') return { state: { ...state, page: Math.max(0, Math.min(pages - 1, state.page) - 1) } }
  if (key.name === 'redraw' || key.name === 'f3') return { state, effect: 'redraw' }
  if (key.name === 'interrupt') return { state, effect: 'quit' }
  return { state }
}

function actionOf(state: State, key: Key): Action | null {
  if (key.name === 'enter') return menus[state.view][state.chosen]?.action ?? null
  if (key.name === 'f2') return 'shell'
  if (key.name === 'f4') return 'plain'
  if (key.name === 'f10') return 'power'
  if (key.name === 'escape' && state.view === 'power') return 'back'
  if (key.name !== 'char') return null
  const letters: Readonly<Record<string, Action>> = { s: 'shell', t: 'plain', p: 'power' }
  return letters[key.char.toLowerCase()] ?? null
}

function act(state: State, action: Action): { state: State; effect?: Effect } {
  switch (action) {
    case 'shell':
      return { state: { ...state, notice: null }, effect: 'shell' }
    case 'plain':
      return { state: { ...state, plain: !state.plain, notice: null }, effect: 'redraw' }
    case 'power':
      return { state: { ...state, view: 'power', chosen: 0, notice: null } }
    case 'back':
      return { state: { ...state, view: 'home', chosen: 0, notice: null } }
    case 'restart':
      return { state: { ...state, notice: 'Restarting ...' }, effect: 'restart' }
    case 'poweroff':
      return { state: { ...state, notice: 'Powering off ...' }, effect: 'poweroff' }
  }
}
