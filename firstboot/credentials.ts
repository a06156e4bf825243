import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { closedDoor } from './domain/closed-door.ts'
import type { Root } from './root.ts'
import { userOf } from './status/user.ts'

/** What was made up during the set-up, by the name of what it opens. */
const Credentials = z.record(z.string(), z.object({ user: z.string(), password: z.string() }))

export type Credentials = z.infer<typeof Credentials>

/** Reads such a text; null for any other. */
export function parseCredentials(text: string): Credentials | null {
  try {
    return Credentials.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Where it lies on the installed system; only root may read it. */
export const credentialsPath = '/var/lib/mediaserver/credentials.json'

/** `mediaserver credentials`: prints them, and what cannot be opened from outside yet; gives the exit code. */
export async function credentialsCommand(root: Root, json: boolean, say: (text: string) => void): Promise<number> {
  try {
    const found = parseCredentials(await readFile(`${root.prefix}${credentialsPath}`, 'utf8'))
    if (found === null) throw new Error('damaged')
    const lines = Object.entries(found).map(
      ([name, { user, password }]) => `${name.padEnd(14)} ${user.padEnd(14)} ${password}`,
    )
    const closed = closedDoor(root, userOf(root.text('/etc/passwd') ?? ''))
    const outside = closed === null ? [] : ['', `Jellyseerr stays closed to the internet. ${closed}`]
    say(json ? JSON.stringify(found, null, 2) : [...lines, ...outside].join('\n'))
    return 0
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES') say('Only root may see the passwords: type "sudo mediaserver credentials".')
    else if (code === 'ENOENT') say('This machine has not been set up yet, so there are no passwords.')
    else say(`The passwords cannot be read: ${credentialsPath} is damaged. "sudo mediaserver apply" makes new ones.`)
    return 2
  }
}
