import { Secret } from '../answers/secret.ts'
import { addressFault } from './message.ts'
import { send, type Send } from './send.ts'
import { notifyPath, readNotify, writeNotify } from './settings.ts'

const USAGE = `mediaserver notify ADDRESS   send a message there when something fails, and when it is well again
mediaserver notify test      try it
mediaserver notify off       send nothing any more
An address is that of an ntfy topic, or of a webhook of Discord or Slack; others get the text by POST.`

/** `mediaserver notify ADDRESS | test | off`: gives the exit code. `path` and `sender` are for tests. */
export async function notifyCommand(
  words: readonly string[],
  say: (text: string) => void,
  path: string = notifyPath,
  sender: Send = send,
): Promise<number> {
  const [word, ...rest] = words
  if (word === undefined || rest.length > 0) {
    say(USAGE)
    return 2
  }
  try {
    if (word === 'off') {
      await writeNotify(null, path)
      say('Nobody is told any more; the screen and "mediaserver status" still show it.')
      return 0
    }
    if (word !== 'test') {
      const fault = addressFault(word)
      if (fault !== null) {
        say(fault)
        return 2
      }
      await writeNotify({ url: new Secret(word), waiting: [] }, path)
    }
    const notify = await readNotify(path)
    if (notify === null) {
      say('Nobody is to be told yet. "sudo mediaserver notify ADDRESS" changes that.')
      return 2
    }
    const lines = [
      'This is a test. Here you will read when something on this machine fails, and when it is well again.',
    ]
    const why = await sender(notify.url, { title: 'Media server', lines })
    say(why === null ? 'A test message was sent. Has it arrived?' : `The test message could not be sent: ${why}.`)
    return why === null ? 0 : 1
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    say(
      `Only root may do this: type "sudo mediaserver notify ${word === 'test' || word === 'off' ? word : 'ADDRESS'}".`,
    )
    return 2
  }
}
