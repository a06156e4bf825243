import type { Reporter } from '../execute/events.ts'
import { formatBytes, formatSeconds } from '../shared/format.ts'

/** One line an event, for logs and pipes; progress is told when the doing changes, not with each byte. */
export function plainReporter(write: (line: string) => void): Reporter {
  const doing = new Map<string, string>()
  return {
    report(event) {
      switch (event.type) {
        case 'plan':
          return write(`Building ${event.name}`)
        case 'waiting':
        case 'note':
          return write(event.message)
        case 'damaged':
          return write(`${event.id}: the stored result is damaged (${event.path}); it is made again`)
        case 'reused':
          return write(`${event.id}: nothing changed`)
        case 'started':
          return write(`${event.id}: ${event.title}`)
        case 'progress':
          if (doing.get(event.id) === event.doing) return
          doing.set(event.id, event.doing)
          return write(`${event.id}: ${event.doing}`)
        case 'finished':
          return write(`${event.id}: done in ${formatSeconds(event.seconds)}, ${formatBytes(event.bytes)}`)
        case 'stopped':
          return write(`${event.id}: stopped`)
        case 'failed':
          return write(`${event.id}: failed`)
        case 'image':
          return write(`${event.path}  ${formatBytes(event.bytes)}  in ${formatSeconds(event.seconds)}`)
      }
    },
    close() {},
  }
}
