const redacted = '[redacted]'

/** A value that must never be seen: it prints as `[redacted]` wherever it is turned into text by accident. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself; call this only where it is handed to the program that needs it. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return redacted
  }

  toJSON(): string {
    return redacted
  }

  // What console.log and error messages show; see util.inspect.custom in Node's documentation.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return redacted
  }
}
