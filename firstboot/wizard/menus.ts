import type { Problem, WizardState } from './state.ts'
import { isStep, steps, stepTitles } from './steps.ts'

/** What an entry of a menu does. */
export type MenuAction =
  | 'continue'
  | 'setup'
  | 'file'
  | 'retry'
  | 'edit'
  | 'log'
  | 'shell'
  | 'plain'
  | 'power'
  | 'back'
  | 'restart'
  | 'poweroff'

/** An entry of a menu. */
export interface MenuEntry {
  readonly action: MenuAction
  readonly words: string
}

const shell: MenuEntry = { action: 'shell', words: 'Open a shell' }
const power: MenuEntry = { action: 'power', words: 'Restart or power off' }

/** The menu of what the person is looking at; empty where there is none. The first entry is what most people want. */
export function menuOf(state: WizardState): readonly MenuEntry[] {
  if (state.overlay === 'power') {
    return [
      { action: 'back', words: 'Back' },
      { action: 'restart', words: 'Restart' },
      { action: 'poweroff', words: 'Power off' },
    ]
  }
  if (state.overlay !== null) return []
  if (state.screen === 'problem' && state.problem !== null) return problemMenu(state.problem)
  return state.screen === 'welcome' ? welcomeMenu(state) : []
}

function welcomeMenu({ found, form, reviewed }: WizardState): MenuEntry[] {
  const { kept, file } = found
  const begun = Object.keys(form.sources).length > 0 || reviewed
  const fromFile: MenuEntry[] = file === null ? [] : [{ action: 'file', words: fileWords(file) }]
  const goOn: MenuEntry[] = kept === null || begun ? [] : [{ action: 'continue', words: keptWords(kept.screen) }]
  const setUp: MenuEntry = { action: 'setup', words: begun ? 'Go on setting up this machine' : 'Set up this machine' }
  return [
    // Usual values would take the place of the answers that a machine was set up with.
    ...(isPresent(file) && !begun ? [...fromFile, ...goOn] : [...goOn, setUp, ...fromFile]),
    shell,
    { action: 'plain', words: 'Change between plain and rich screen' },
    power,
  ]
}

const isPresent = (file: WizardState['found']['file']): boolean => file !== null && 'present' in file && file.present

const fileWords = (file: NonNullable<WizardState['found']['file']>): string =>
  isPresent(file)
    ? 'Change the answers that this machine was set up with'
    : 'Use the answers in mediaserver.yaml on the stick'

function keptWords(screen: WizardState['screen']): string {
  if (!isStep(screen)) return 'Go on where you were: the summary'
  return `Go on where you were: ${stepTitles[screen]} (${steps.indexOf(screen) + 1} of ${steps.length})`
}

const problemMenu = ({ retry }: Problem): MenuEntry[] => [
  { action: 'retry', words: retry === 'start' ? 'Try again' : 'Read the file again' },
  { action: 'edit', words: retry === 'start' ? 'Change the answers' : 'Answer the questions on this screen instead' },
  { action: 'log', words: 'Show the log' },
  shell,
  power,
]
