import type { Answers, Draft } from '../answers/answers.ts'
import type { KnownSoFar } from '../machine.ts'
import type { Plan } from '../plan/plan.ts'
import type { Key } from '../terminal/keys.ts'
import type { CheckId, CheckRequest, CheckResult, Checks } from './checks.ts'
import { type Form, usualForm } from './form.ts'
import type { Choice, Rules } from './rules.ts'
import type { StepId } from './steps.ts'

/** What the person is looking at. */
export type ScreenId = 'welcome' | StepId | 'review' | 'agree' | 'starting' | 'problem'

/** What lies over the screen and gives it back unchanged. */
export type Overlay = 'power' | 'help' | 'log' | 'elsewhere'

/** Something that went wrong before anything was changed, and how to go on from it. */
export interface Problem {
  readonly title: string
  /** Each says what is wrong and how to mend it. */
  readonly words: readonly string[]
  readonly retry: 'read-file' | 'start'
}

/** What was found at start that the welcome can offer. */
export interface Found {
  /** Answers in a file on the stick: usable ones, or what is wrong with them. Null: there is no such file. */
  readonly file:
    | {
        readonly draft: Draft
        /** What it leaves to be asked, wholly or in part; a part that is there stands in the draft. */
        readonly missing?: readonly (keyof Answers)[]
        /** They are those that this machine was set up with. */
        readonly present?: boolean
      }
    | { readonly problems: readonly string[] }
    | null
  /** Why nothing has started by itself, where a file on the stick or an earlier set-up wanted it. */
  readonly hindrances: readonly string[]
  /** Lines of `authorized_keys` on the stick. */
  readonly keys: readonly string[]
  /** Answers that were typed before this program was started. */
  readonly kept: KeptDraft | null
}

/** A draft that was kept when a console hung up or was left. */
export interface KeptDraft {
  readonly form: Form
  readonly screen: ScreenId
}

/** Consent to one plan and no other: what was typed for each disk that will be erased. */
export interface Consent {
  readonly planHash: string
  readonly typed: Readonly<Record<string, string>>
}

/** Everything about one console's screens that changes. Plain values only; secrets are in the form. */
export interface WizardState {
  readonly screen: ScreenId
  readonly overlay: Overlay | null
  readonly form: Form
  /** The item with the focus, by its name; empty for where a person would begin. */
  readonly focus: string
  /** Where the cursor stands in the focused line, in characters. */
  readonly cursor: number
  /** What was typed to find something in the focused list, and which match is marked. */
  readonly filter: string
  readonly highlight: number
  /** Lines that the person scrolled away from where the focus would put the page. */
  readonly scroll: number
  /** Entry of the menu on welcome, power and problem screens. */
  readonly chosen: number
  /** Which page of the machine's facts is shown on the welcome. */
  readonly page: number
  /** The person tried to go on: from now on, empty fields are pointed at. */
  readonly tried: boolean
  /** The person was told once that a check failed; the next Enter goes on all the same. */
  readonly insisted: boolean
  /** Secrets are readable until the screen is left. */
  readonly revealed: boolean
  readonly plain: boolean
  /** One line above the keys: what is happening, or what to do first. */
  readonly notice: string | null
  readonly checks: Checks
  readonly runs: number
  /** The summary was seen: sections are visited from there. */
  readonly reviewed: boolean
  readonly consent: Consent | null
  readonly problem: Problem | null
  readonly log: readonly string[]
  readonly found: Found
  /** Another console's name while that one answers; null while this one may. */
  readonly elsewhere: string | null
}

/** What the screens depend on besides their state. */
export interface World {
  readonly known: KnownSoFar
  readonly rules: Rules
  readonly lists: {
    readonly languages: readonly Choice[]
    readonly keyboards: readonly Choice[]
    readonly timezones: readonly Choice[]
    readonly countries: readonly Choice[]
  }
}

/** How far what is shown can be scrolled, from where it would be by itself. */
export interface ScrollRange {
  readonly least: number
  readonly most: number
}

/** What can happen. */
export type WizardEvent =
  | { readonly type: 'key'; readonly key: Key; readonly pages?: number; readonly range?: ScrollRange }
  | { readonly type: 'checked'; readonly id: CheckId; readonly run: number; readonly result: CheckResult }
  /** The machine was looked at again; what it has may have changed. */
  | { readonly type: 'machine' }
  | { readonly type: 'found'; readonly found: Found; readonly open?: boolean }
  | { readonly type: 'owner'; readonly elsewhere: string | null; readonly kept?: KeptDraft | null }
  /** The answers of a set-up that did not work shall be changed: those that were kept, else those that were agreed to. */
  | { readonly type: 'edit'; readonly kept: KeptDraft | null; readonly agreed: Draft | null }
  | { readonly type: 'log'; readonly lines: readonly string[] }
  | { readonly type: 'failed'; readonly problem: Problem }
  | { readonly type: 'notice'; readonly words: string }

/** What is to be started: the answers, and the consent to exactly one plan. */
export interface StartRequest {
  readonly answers: Answers
  readonly plan: Plan
  readonly planHash: string
  /** By disk: the characters that the person typed for it. */
  readonly eraseTyped: Readonly<Record<string, string>>
}

/** Something to be done outside; the reducer only asks for it. */
export type Effect =
  | { readonly type: 'shell' | 'restart' | 'poweroff' | 'redraw' | 'quit' | 'save' | 'log' | 'read-file' }
  /** Become the console that answers; with `force` also when another one does. */
  | { readonly type: 'claim'; readonly force: boolean }
  | { readonly type: 'check'; readonly run: number; readonly request: CheckRequest }
  | { readonly type: 'keyboard'; readonly layout: string }
  | { readonly type: 'start'; readonly request: StartRequest }

/** A state and what is to be done. */
export interface Next {
  readonly state: WizardState
  readonly effects: readonly Effect[]
}

/** The state at start. */
export const initialWizard: WizardState = {
  screen: 'welcome',
  overlay: null,
  form: usualForm,
  focus: '',
  cursor: 0,
  filter: '',
  highlight: 0,
  scroll: 0,
  chosen: 0,
  page: 0,
  tried: false,
  insisted: false,
  revealed: false,
  plain: false,
  notice: null,
  checks: {},
  runs: 0,
  reviewed: false,
  consent: null,
  problem: null,
  log: [],
  found: { file: null, keys: [], kept: null, hindrances: [] },
  elsewhere: null,
}
