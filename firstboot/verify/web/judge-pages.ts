import type { Reply } from '../../plex/ask.ts'
import { placesOf } from '../../wiring/services.ts'
import type { Finding } from '../check.ts'
import { failed, nothing, passed } from '../finding.ts'
import type { Page } from './pages.ts'

/** A page with what was answered there. */
export interface Asked {
  readonly page: Page
  readonly url: string
  readonly reply: Reply
}

/** Whether every page answers with what should be there, and lets nobody in who has no password. Pure. */
export function judgePages(asked: readonly Asked[]): Finding {
  if (asked.length === 0) return nothing('No service with a page was chosen.')
  const rows = asked.map(({ page, url, reply }) => {
    const why = 'unreachable' in reply ? `nobody answers (${reply.unreachable})` : page.fault(reply)
    const open = page.asksLogin === true && !('unreachable' in reply) && reply.status === 200
    return { title: placesOf[page.service].title, url, why, open, line: `${url}: ${why ?? 'as it should be'}` }
  })
  const detail = rows.map(({ line }) => line)
  const bad = rows.filter(({ why }) => why !== null)
  const worst = bad.find(({ open }) => open) ?? bad[0]
  if (worst !== undefined) {
    const names = [...new Set(bad.map(({ title }) => title))]
    const more = names.length === 1 ? '' : ` Not well: ${names.join(', ')}.`
    return failed(
      worst.open ? 'web-open' : 'web-silent',
      `${worst.title} at ${worst.url}: ${worst.why}.${more}`,
      detail,
    )
  }
  const titles = [...new Set(rows.map(({ title }) => title))]
  return passed(`${titles.join(', ')} answer at their ports, and ask for a password where they should.`, detail)
}
