/** A fault that the user can mend. Printed as sentences, never with a stack trace; ends a command with exit code 2. */
export class UserError extends Error {
  override readonly name: string = 'UserError'
  /** What to do about it, as one sentence or command; empty when the message says it already. */
  readonly mend: string

  constructor(message: string, mend = '', options?: ErrorOptions) {
    super(message, options)
    this.mend = mend
  }
}

/** Several faults found in one pass, so that nobody has to run a command again for each of them. */
export class UserErrors extends UserError {
  override readonly name = 'UserErrors'
  readonly errors: readonly UserError[]

  constructor(errors: readonly UserError[]) {
    super(errors.map(error => describeError(error)).join('\n'))
    this.errors = errors
  }
}

/** A write of our own that found the disk full, as a fault that the user can mend; any other error as it is. */
export function explainDiskFull(error: unknown): unknown {
  const { code, path } = error instanceof Error ? (error as NodeJS.ErrnoException) : {}
  if (error instanceof UserError || (code !== 'ENOSPC' && code !== 'EDQUOT')) return error
  return new UserError(
    `The disk is full${path === undefined ? '' : `: ${path} could not be written`}.`,
    'Free some space, or set MEDIASERVER_STORE to a folder on a larger disk; finished steps are kept.',
    { cause: error },
  )
}

/** The text a person reads for any thrown value: the message and the mend; a stack only for what must be our own fault. */
export function describeError(error: unknown): string {
  if (error instanceof UserError) return error.mend === '' ? error.message : `${error.message}\n  ${error.mend}`
  if (error instanceof Error) return `This is a fault of the builder itself: ${error.stack ?? error.message}`
  return `This is a fault of the builder itself: ${String(error)}`
}
