import { decodeKeys, decodeRest, type Key } from './keys.ts'

/** How long the rest of a key's bytes may take, in milliseconds: slow serial links split them. */
export const escapeDelay = 150

/** The keys of this process's terminal. */
export interface Keyboard {
  /** Stops reading and gives the terminal its old modes back, for another program. */
  release(): void
  /** Reads again, every key at once and without echo. */
  take(): void
}

/** Reads keys from `input`, all that came at once together; a lone ESC counts as the Escape key after `escapeDelay`. */
export function openKeyboard(input: NodeJS.ReadStream, onKeys: (keys: readonly Key[]) => void): Keyboard {
  let rest = ''
  let timer: NodeJS.Timeout | undefined
  const onData = (chunk: string) => {
    clearTimeout(timer)
    const decoded = decodeKeys(rest + chunk)
    rest = decoded.rest
    if (rest !== '') {
      timer = setTimeout(() => {
        const keys = decodeRest(rest)
        rest = ''
        if (keys.length > 0) onKeys(keys)
      }, escapeDelay)
    }
    if (decoded.keys.length > 0) onKeys(decoded.keys)
  }
  input.setEncoding('utf8')
  input.on('data', onData)
  return {
    release() {
      clearTimeout(timer)
      rest = ''
      input.pause()
      input.setRawMode(false)
    },
    take() {
      input.setRawMode(true)
      input.resume()
    },
  }
}
