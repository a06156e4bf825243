import { endGroup, error, info, notice, startGroup, warning } from '@actions/core'
import type { Reporter } from '../execute/events.ts'
import { plainReporter } from './plain.ts'

/** Plain lines in GitHub's folding groups, with faults as annotations. */
export function githubReporter(): Reporter {
  const plain = plainReporter(info)
  return {
    report(event) {
      if (event.type === 'plan') startGroup(`Build ${event.name}`)
      if (event.type === 'failed') error(event.message, { title: `Step ${event.id} failed` })
      if (event.type === 'damaged') warning(`The stored result of ${event.id} was damaged and is made again.`)
      if (event.type === 'image') {
        endGroup()
        notice(`Built ${event.path}`)
      }
      plain.report(event)
    },
    close: endGroup,
  }
}
