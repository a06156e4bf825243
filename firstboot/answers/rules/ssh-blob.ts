/** Reads the inside of a public key field by field (RFC 4251 §5); what does not fit gives 0, null or false. */
export class KeyBlob {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  #field(): Buffer | null {
    if (this.#at + 4 > this.#bytes.length) return null
    const start = this.#at + 4
    const end = start + this.#bytes.readUInt32BE(this.#at)
    if (end > this.#bytes.length) return null
    this.#at = end
    return this.#bytes.subarray(start, end)
  }

  /** The next field as text; null at the end. */
  text(): string | null {
    return this.#field()?.toString('latin1') ?? null
  }

  hasWord(expected: string): boolean {
    return this.text() === expected
  }

  /** Whether the next field has so many bytes. */
  has(length: number): boolean {
    return this.#field()?.length === length
  }

  hasSome(): boolean {
    return (this.#field()?.length ?? 0) > 0
  }

  /** Whether the next field is an uncompressed point of a curve: the byte 4, then both coordinates. */
  hasPoint(length: number): boolean {
    const field = this.#field()
    return field?.length === length && field[0] === 4
  }

  /** How many bits the next field has as a positive number. */
  bits(): number {
    const field = this.#field()
    if (field === null || field.length === 0 || (field[0] ?? 0) >= 128) return 0
    const first = field.findIndex(byte => byte !== 0)
    if (first < 0) return 0
    return (field.length - first - 1) * 8 + (32 - Math.clz32(field[first] ?? 0))
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.length
  }
}
