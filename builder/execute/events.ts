import type { StepKind } from '../plan/types.ts'

/** What a build says while it runs; reporters read these and nothing else. */
export type BuildEvent =
  | { readonly type: 'plan'; readonly name: string; readonly steps: readonly { id: StepKind; title: string }[] }
  | { readonly type: 'waiting'; readonly message: string }
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'damaged'; readonly id: StepKind; readonly path: string }
  | { readonly type: 'reused'; readonly id: StepKind }
  | { readonly type: 'started'; readonly id: StepKind; readonly title: string }
  /** `done` and `total` in bytes or pieces; `doing` is what happens right now. */
  | {
      readonly type: 'progress'
      readonly id: StepKind
      readonly doing: string
      readonly done?: number
      readonly total?: number
    }
  | { readonly type: 'finished'; readonly id: StepKind; readonly seconds: number; readonly bytes: number }
  /** Ended because another step failed, or because the user wished so. */
  | { readonly type: 'stopped'; readonly id: StepKind }
  | { readonly type: 'failed'; readonly id: StepKind; readonly message: string }
  | { readonly type: 'image'; readonly path: string; readonly bytes: number; readonly seconds: number }

/** Takes events as they come. */
export interface Reporter {
  report(event: BuildEvent): void
  /** Leaves the terminal as it was found. */
  close(): void
}
