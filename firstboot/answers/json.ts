import * as z from 'zod/mini'
import type { Answers } from './answers.ts'
import { answerFaults } from './complete.ts'
import { Secret } from './secret.ts'

const secret = z.pipe(
  z.string(),
  z.transform(value => new Secret(value)),
)

const StoredAnswers = z.strictObject({
  language: z.string(),
  keyboard: z.string(),
  timezone: z.string(),
  network: z.discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('dhcp') }),
    z.strictObject({
      mode: z.literal('static'),
      interface: z.string(),
      address: z.string(),
      gateway: z.string(),
      dns: z.array(z.string()),
    }),
  ]),
  wifi: z.nullable(z.strictObject({ name: z.string(), password: secret, country: z.string() })),
  systemDisk: z.string(),
  media: z.array(z.strictObject({ disk: z.string(), use: z.enum(['keep', 'erase', 'ignore']) })),
  hostname: z.string(),
  user: z.string(),
  sshKeys: z.array(z.string()),
  vpn: z.nullable(
    z.strictObject({
      credential: z.strictObject({ kind: z.enum(['token', 'wireguard-key']), value: secret }),
      country: z.string(),
    }),
  ),
  domain: z.nullable(
    z.strictObject({
      name: z.string(),
      provider: z.string(),
      credentials: z.record(z.string(), secret),
      email: z.string(),
    }),
  ),
  services: z.array(z.string()),
  plexClaim: z.nullable(secret),
})

/** All answers as JSON text WITH THEIR SECRETS. It belongs into a file that only root can read. */
export function answersToJson(answers: Answers): string {
  // JSON.stringify asks a Secret for its text before it asks the replacer, so the replacer looks at the holder.
  return `${JSON.stringify(
    answers,
    function (this: Record<string, unknown>, key, value: unknown) {
      const held = this[key]
      return held instanceof Secret ? held.reveal() : value
    },
    2,
  )}\n`
}

/** Reads what `answersToJson` wrote. Throws an `Error` that names the places which are wrong, and no value of theirs. */
export function answersFromJson(text: string): Answers {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The engine's message repeats a piece of the text.
    throw new Error('The stored answers are not JSON.')
  }
  const result = StoredAnswers.safeParse(value)
  if (!result.success)
    throw new Error(
      `The stored answers are wrong at: ${result.error.issues.map(issue => issue.path.join('.') || 'the top').join(', ')}.`,
    )
  const faults = answerFaults(result.data)
  if (faults.length > 0)
    throw new Error(
      `The stored answers are wrong. ${faults.map(({ question, words }) => `${question}: ${words}`).join(' ')}`,
    )
  return result.data
}
