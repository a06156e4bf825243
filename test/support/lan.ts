import { CLIENT } from '../internet/internet.ts'
import type { Space } from '../internet/space.ts'

/** What a service answered to somebody in the home. */
export interface LanAnswer {
  readonly status: number
  readonly json: unknown
}

/** Asks a page of the machine under test from another place in the network; status 0 is no answer at all. */
export async function askFrom(
  space: Space,
  port: number,
  path: string,
  how: { readonly key?: string; readonly body?: unknown; readonly from?: string } = {},
): Promise<LanAnswer> {
  const { key, body, from } = how
  // Secrets and bodies go by a file of curl's own kind on standard input, see curl(1) --config.
  const lines = [
    `url = "http://${CLIENT}:${port}${path}"`,
    'header = "Accept: application/json"',
    ...(key === undefined ? [] : [`header = "X-Api-Key: ${key}"`]),
    ...(body === undefined
      ? []
      : ['header = "Content-Type: application/json"', `data = ${JSON.stringify(JSON.stringify(body))}`]),
    ...(from === undefined ? [] : [`interface = "${from}"`]),
  ]
  const curl = ['curl', '--silent', '--max-time', '30', '--write-out', '\n%{http_code}', '--config', '-']
  const { stdout } = await space.attempt(curl, lines.join('\n'))
  const at = stdout.lastIndexOf('\n')
  const text = stdout.slice(0, at)
  return { status: Number(stdout.slice(at + 1)), json: text.trim() === '' ? null : parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
