/** A change that could not be made: what went wrong in one or a few plain lines, and what mends it. */
export class ChangeFailure extends Error {
  override readonly name = 'ChangeFailure'
  readonly mend: string

  constructor(message: string, mend = '', options?: ErrorOptions) {
    super(message, options)
    this.mend = mend
  }
}

/** Message and mend of anything that was thrown; what is our own fault keeps its first line and says so. */
export function explainFailure(error: unknown): { message: string; mend: string } {
  if (error instanceof ChangeFailure) return { message: error.message, mend: error.mend }
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) }
  if (code === 'ENOSPC') return { message: 'The disk is full.', mend: 'Take a larger disk, or free some space on it.' }
  if (code === 'EIO')
    return {
      message: `A disk could not be read or written: ${message}`,
      mend: 'Check its cable and power, or take another disk, then try again.',
    }
  if (code === 'EROFS')
    return { message: `A disk has become read-only: ${message}`, mend: 'It may be failing. Take another one.' }
  return { message: message.split('\n')[0] ?? '', mend: 'Try again; if it happens again, save a report.' }
}
