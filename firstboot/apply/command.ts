import { readFile } from 'node:fs/promises'
import { answersFromJson } from '../answers/json.ts'
import { answersPath } from '../changes/keep-answers.ts'
import { planConfigure } from '../plan/plan-setup.ts'
import { applyRequest } from './apply.ts'
import { readRequest, type Request, requestPath, setupFolder } from './request.ts'

/** What there is to apply: what was just agreed to, else what a power cut has stopped, else the answers of this system. */
async function findRequest(): Promise<Request | null> {
  const agreed = (await readRequest(requestPath)) ?? (await readRequest(`${setupFolder}/request.json`))
  if (agreed !== null) return agreed
  const text = await readFile(answersPath, 'utf8').catch(() => null)
  if (text === null) return null
  const answers = answersFromJson(text)
  const plan = planConfigure(answers)
  return { answers, plan, consent: plan.hash, by: 'mediaserver apply' }
}

/** `mediaserver apply`: gives the exit code. Says what it does to the events of this boot, and its end to `say`. */
export async function applyCommand(say: (line: string) => void): Promise<number> {
  const request = await findRequest()
  if (request === null) {
    say('There is nothing to apply: this machine has not been set up yet. Start with "mediaserver setup".')
    return 2
  }
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort()).once('SIGINT', () => stop.abort())
  const { finished, milestones } = await applyRequest(request, stop.signal)
  for (const event of milestones) {
    if (event.type === 'done') say(`done     ${event.id}: ${event.evidence}`)
    if (event.type === 'found-done') say(`no change ${event.id}: ${event.evidence}`)
    if (event.type === 'failed') say(`FAILED   ${event.id}: ${event.message} ${event.mend}`)
  }
  return finished ? 0 : 1
}
