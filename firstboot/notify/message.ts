import { isFall, type Turn } from '../verify/verification.ts'

/** A few lines for somebody who is away. */
export interface Message {
  readonly title: string
  readonly lines: readonly string[]
}

/** What is told of results that turned: what fails now, and what is well again. Nothing to tell is null. Pure. */
export function messageOf(turns: readonly Turn[], hostname: string): Message | null {
  const falls = turns.filter(isFall)
  const rises = turns.filter(({ from, to }) => from === 'fail' && to !== 'fail')
  if (falls.length === 0 && rises.length === 0) return null
  const count = falls.length === 1 ? 'something fails' : `${falls.length} things fail`
  return {
    title: `${hostname}: ${falls.length > 0 ? count : 'well again'}`,
    lines: [
      ...falls.map(({ title, words }) => `Fails: ${title}: ${words}`),
      ...rises.map(({ title, words }) => `Well again: ${title}: ${words}`),
    ],
  }
}

/** What is sent to an address: a body with its headers. */
export interface Letter {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * A message in the words of the receiver: Discord and Slack want JSON, see "Execute Webhook" and "Incoming webhooks" in
 * their manuals; ntfy and everything else get text, with the title in a header as ntfy reads it. Pure.
 */
export function letterFor(hostname: string, { title, lines }: Message): Letter {
  const text = [title, ...lines].join('\n')
  const json = (value: object) => ({ headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) })
  // Discord takes no more than 2000 letters; and nobody is called by a name that stands in a message.
  if (isOf(hostname, 'discord.com')) return json({ content: text.slice(0, 1900), allowed_mentions: { parse: [] } })
  if (isOf(hostname, 'slack.com')) return json({ text })
  return {
    // Headers hold no other letters, see RFC 9110, 5.5.
    headers: { 'Content-Type': 'text/plain; charset=utf-8', Title: title.replaceAll(/[^\x20-\x7e]/g, '?') },
    body: lines.join('\n'),
  }
}

const isOf = (hostname: string, domain: string) => hostname === domain || hostname.endsWith(`.${domain}`)

/** What is wrong with the text of an address to tell, in a sentence; null for nothing. Pure. */
export function addressFault(text: string): string | null {
  if (!URL.canParse(text)) return 'This is no address. One looks like https://ntfy.sh/a-name-that-nobody-guesses'
  const { protocol, username, password } = new URL(text)
  if (protocol !== 'https:' && protocol !== 'http:') return 'The address has to begin with https:// or http://.'
  return username === '' && password === ''
    ? null
    : 'Names and passwords inside an address are not sent. Leave them out.'
}
