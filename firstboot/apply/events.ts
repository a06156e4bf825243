/** What an application of a plan says; screens read these and nothing else. `at` is Unix time in milliseconds. */
export type ApplyEvent = { readonly at: number } & (
  | {
      readonly type: 'begun'
      readonly planHash: string
      readonly mode: string
      readonly changes: readonly { readonly id: string; readonly title: string; readonly weight: number }[]
    }
  /** The change was found to be done already. */
  | { readonly type: 'found-done'; readonly id: string; readonly evidence: string }
  | { readonly type: 'started'; readonly id: string }
  /** `done` and `total` in bytes or pieces. */
  | {
      readonly type: 'progress'
      readonly id: string
      readonly doing: string
      readonly done?: number
      readonly total?: number
    }
  | { readonly type: 'log'; readonly id: string; readonly line: string }
  | { readonly type: 'done'; readonly id: string; readonly evidence: string }
  | { readonly type: 'failed'; readonly id: string; readonly message: string; readonly mend: string }
  | { readonly type: 'finished' }
)

/** Where the events of this boot lie, one JSON text a line, newest last; everybody may read it, no secret is in it. */
export const eventsPath = '/run/mediaserver/events.jsonl'

/** Where the made-up passwords of this set-up lie, in memory and for root only, until the machine starts anew. */
export const shownPasswordsPath = '/run/mediaserver/credentials.json'
