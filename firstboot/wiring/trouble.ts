/**
 * Why something could not be connected, in a sentence that names the program, what was tried and why it failed.
 * `passing` may mend itself, for instance while a program starts.
 */
export class Trouble extends Error {
  override readonly name = 'Trouble'
  readonly passing: boolean
  /** What a person can do; empty when there is nothing better than to look and try again. */
  readonly mend: string
  /** The name by which the doctor knows it, where it has a way out of its own; else empty. */
  readonly known: string

  constructor(message: string, passing: boolean, mend = '', known = '') {
    super(message)
    this.passing = passing
    this.mend = mend
    this.known = known
  }
}
