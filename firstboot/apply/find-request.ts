import { access, readFile, rm } from 'node:fs/promises'
import type { Answers } from '../answers/answers.ts'
import { answersFromJson, answersToJson } from '../answers/json.ts'
import { planConfigure, planFirstBoot } from '../plan/plan-setup.ts'
import { writeDurably } from './durable.ts'
import { answersPath, changedPath, firstBootPath } from './places.ts'
import { readRequest, type Request, requestPath, setupFolder, writeRequest } from './request.ts'

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/**
 * What there is to apply on the system below a folder: what was just agreed to, else what a power cut has stopped, else the
 * answers of this system; null when there is nothing. On the installed system, answers that were just agreed to are its
 * answers from then on, for whoever looks at them, and whatever happens while they are applied.
 */
export async function findRequest(folder: string): Promise<Request | null> {
  const agreed = await readRequest(`${folder}${requestPath}`)
  if (agreed?.plan.mode === 'configure') await adopt(agreed.answers, folder)
  else if (agreed !== null) return agreed
  const stopped = await readRequest(`${folder}${setupFolder}/request.json`)
  if (stopped !== null) return stopped
  const text = await readFile(`${folder}${answersPath}`, 'utf8').catch(() => null)
  if (text === null) return null
  const answers = answersFromJson(text)
  // At the first start only the services are left; not when somebody has changed an answer since.
  const isLeft = (await isThere(`${folder}${firstBootPath}`)) && !(await isThere(`${folder}${changedPath}`))
  const plan = isLeft ? planFirstBoot(answers) : planConfigure(answers)
  return { answers, plan, consent: plan.hash, by: agreed?.by ?? 'mediaserver apply' }
}

// In this order a power cut leaves either the old answers or the new ones, and they are applied at the next start.
async function adopt(answers: Answers, folder: string): Promise<void> {
  await writeDurably(`${folder}${changedPath}`, '', { mode: 0o600 })
  await writeDurably(`${folder}${answersPath}`, answersToJson(answers), { mode: 0o600 })
  // The end of an installation would bring the answers back that it began with.
  const stopped = await readRequest(`${folder}${setupFolder}/request.json`)
  if (stopped !== null) await writeRequest(`${folder}${setupFolder}/request.json`, { ...stopped, answers })
  await rm(`${folder}${requestPath}`)
}
