import type { Manifest } from '../manifest.ts'
import { type Abilities, asPlain } from '../terminal/abilities.ts'
import { line, type Line, wrap } from '../terminal/lines.ts'
import { menuOf } from '../wizard/menus.ts'
import { currentPage } from '../wizard/moves.ts'
import { hasSecret } from '../wizard/on-page.ts'
import { focusOf, nameOf, type Page } from '../wizard/page.ts'
import type { WizardState, World } from '../wizard/state.ts'
import { isStep, steps, stepTitles } from '../wizard/steps.ts'
import { firstScreen } from './first.ts'
import { type Body, type Frame, framed, type View } from './frame.ts'
import { pageBody } from './items.ts'

/** All that a screen of the wizard depends on. */
export interface WizardScreen {
  readonly manifest: Manifest
  readonly state: WizardState
  readonly world: World
  readonly abilities: Abilities
}

/** What this console shows now. */
export function wizardScreen(input: WizardScreen): View {
  const { manifest, state, world } = input
  const abilities = state.plain ? asPlain(input.abilities) : input.abilities
  const show = (frame: Partial<Frame>, body: Body) => framed({ ...baseFrame(input), ...frame }, body, abilities)
  const reading = { keys: readingKeys(abilities), scroll: state.scroll, scrollBy: 'line' } as const
  if (state.overlay === 'elsewhere') return show({ title: 'Another console', keys: takeOverKeys }, elsewhereBody(input))
  if (state.overlay === 'help') return show({ title: 'Help', ...reading }, helpBody(input))
  if (state.overlay === 'log') return show({ title: 'Log', ...reading }, logBody(input))
  if (state.screen === 'welcome' || state.overlay === 'power') {
    return { lines: firstScreen({ manifest, known: world.known, abilities, state }), cursor: null, range: still }
  }
  if (state.screen === 'problem') return show({ keys: menuKeys(abilities) }, problemBody(input))
  const page = currentPage(state, world)
  if (page === null) return show({ keys: ['F2 shell', 'F10 power'] }, plainBody(startingLines(input)))
  const focus = focusOf(page, state.focus)
  const looks = {
    ...state,
    focus: focus === undefined ? '' : nameOf(focus),
    width: abilities.columns,
    listLength: Math.max(2, Math.min(6, abilities.rows - 14)),
  }
  return show({ keys: pageKeys(page, state, abilities), scroll: state.scroll }, pageBody(page, looks))
}

function baseFrame({ manifest, state }: WizardScreen): Frame {
  const { screen } = state
  const titles = { welcome: '', review: 'Summary', agree: 'Agree', starting: 'Starting', problem: 'Problem' } as const
  return {
    product: manifest.product,
    title: isStep(screen) ? stepTitles[screen] : titles[screen],
    right: isStep(screen) ? `${steps.indexOf(screen) + 1} of ${steps.length}` : '',
    notice: state.notice ?? '',
    keys: [],
    scroll: 0,
    scrollBy: 'page',
  }
}

const arrows = ({ charset }: Abilities): string => (charset === 'ascii' ? 'Up/Down' : '↑↓')
const readingKeys = (abilities: Abilities): string[] => [`${arrows(abilities)} scroll`, 'Esc back', 'F2 shell']
const menuKeys = (abilities: Abilities): string[] => [
  `${arrows(abilities)} choose`,
  'Enter go on',
  'F2 shell',
  'F10 power',
]
const takeOverKeys = ['Enter take over', 'F2 shell', 'F10 power']

function pageKeys(page: Page, state: WizardState, abilities: Abilities): string[] {
  const item = focusOf(page, state.focus)
  const choose = `${arrows(abilities)} choose`
  const tail = ['Esc back', 'F1 help', ...(hasSecret(page) ? ['Ctrl-R show'] : []), 'F2 shell', 'F10 power']
  if (state.screen === 'agree') {
    return ['Enter start', 'Esc back to the summary', 'F1 help', 'nothing has been written yet']
  }
  switch (item?.type) {
    case 'picker':
      return [choose, 'type to find', 'Enter take', 'Tab next', ...tail]
    case 'option':
      return [choose, item.many ? 'Space on/off' : 'Space select', 'Enter go on', ...tail]
    case 'button':
      return [choose, ...(item.removes ? ['Delete take off'] : []), 'Enter go on', ...tail]
    case 'row':
      return [choose, 'Enter change', ...tail]
    case 'text':
    case undefined:
      return [choose, 'Enter go on', ...tail]
  }
}

const still = { least: 0, most: 0 }

const plainBody = (lines: readonly Line[]): Body => ({
  lines,
  focus: { from: 0, to: 0 },
  cursor: null,
})

const paragraphs = (texts: readonly string[], width: number): Line[] =>
  texts.flatMap((text, index) => [
    ...(index === 0 ? [] : [line('')]),
    ...wrap(text, ' ', width).map(each => line(each)),
  ])

const welcomeHelp = [
  'Choose with the arrow keys and press Enter. Esc always leads back, and nothing that you typed is lost by it.',
  'The set-up asks about ten questions, shows you a summary, and starts only when you agree. Until then nothing is written to any disk.',
  'F2 opens a shell on this machine; exit brings the screen back. Where function keys do not arrive, Ctrl-Z does the same.',
  'F4 or Ctrl-T changes to a plain screen without drawn lines, for terminals that show them wrongly. F3 or Ctrl-L draws the screen anew.',
  'You can also put your answers into the file mediaserver.yaml on the stick, on any computer, and start from the stick then.',
]

function helpBody({ state, world, abilities }: WizardScreen): Body {
  const page = currentPage(state, world)
  return plainBody(paragraphs(page === null ? welcomeHelp : page.help, abilities.columns))
}

const logBody = ({ state, abilities }: WizardScreen): Body =>
  plainBody(
    (state.log.length === 0 ? ['The log is empty.'] : state.log).flatMap(text =>
      wrap(text, ' ', abilities.columns).map(each => line(each)),
    ),
  )

const elsewhereBody = ({ state, abilities }: WizardScreen): Body =>
  plainBody(
    paragraphs(
      [
        `Another console (${state.elsewhere ?? ''}) is answering the questions.`,
        'Press Enter to take over: you go on here with everything that was typed there, and that console waits.',
      ],
      abilities.columns,
    ),
  )

function problemBody({ state, abilities }: WizardScreen): Body {
  const { problem } = state
  const menu = menuOf(state)
  const lines = [
    ...wrap(problem?.title ?? '', ' ', abilities.columns).map(each => line(each, 'strong')),
    line(''),
    ...(problem?.words ?? []).flatMap(words => wrap(words, '   ', abilities.columns).map(each => line(each))),
    line(''),
  ]
  const chosen = Math.min(state.chosen, menu.length - 1)
  const entries = menu.map(({ words }, index) =>
    index === chosen ? line(` ▶ ${words} `, 'chosen') : line(`   ${words}`),
  )
  const at = lines.length + chosen
  return { lines: [...lines, ...entries], focus: { from: at, to: at }, cursor: null }
}

const startingLines = ({ abilities }: WizardScreen): Line[] =>
  paragraphs(
    [
      'Starting to set this machine up ...',
      'If the power fails from here on, start the machine again: it goes on where it was.',
    ],
    abilities.columns,
  )
