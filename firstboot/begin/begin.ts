import { access, mkdir, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { AnswersSource } from '../answers/file.ts'
import { writeDurably } from '../apply/durable.ts'
import { type Request, requestPath, writeRequest } from '../apply/request.ts'
import type { ConfigPartition } from '../config-partition/partition.ts'
import type { Config } from '../config-partition/folder.ts'
import { openInspection } from '../inspection.ts'
import { planLines } from '../plan/words.ts'
import type { Root } from '../root.ts'
import { run } from '../run.ts'
import { type Beginning, beginningPath, cancelPath, COUNTDOWN_SECONDS } from './beginning.ts'
import { decideNow } from './decide-now.ts'
import { setupFacts } from './facts.ts'
import type { Next } from './unattended.ts'

// Disks behind USB come some seconds after the system.
const LATE_DISKS_SECONDS = 20

/** `mediaserver begin`: what the live system does before anybody answers: go on, count down, or leave it to a person. */
export async function begin(root: Root, config: ConfigPartition): Promise<void> {
  await mkdir('/run/mediaserver', { recursive: true })
  const source = sourceFrom(await readPatiently(config))
  const decision = await decidePatiently(source, root)
  if (decision.kind === 'resume') {
    await tell({ kind: 'resume' })
    return await start(decision.request)
  }
  if (decision.kind === 'ask') {
    await tell({ kind: 'ask', problems: [...decision.problems] })
    if (decision.problems.length > 0) await config.write(errorFile(decision.problems))
    return
  }
  const { answers, plan } = decision
  await tell({ kind: 'countdown', until: Date.now() + COUNTDOWN_SECONDS * 1000, plan: planLines(plan) })
  if (await isCancelled()) return await tell({ kind: 'ask', problems: [] })
  await start({ answers, plan, consent: plan.hash, by: source?.answers.file ?? '' })
}

/** The answers on the stick with the keys beside them; null when there is no answers file. */
export function sourceFrom({ answersName, answersText, authorizedKeys }: Config): AnswersSource | null {
  if (answersName === null || answersText === null) return null
  const answers = { file: answersName, text: answersText }
  return authorizedKeys.length === 0
    ? { answers }
    : { answers, authorizedKeys: { file: 'authorized_keys', text: authorizedKeys.join('\n') } }
}

// The stick may be looked at by udev later than everything else.
async function readPatiently(config: ConfigPartition): Promise<Config> {
  const end = performance.now() + LATE_DISKS_SECONDS * 1000
  for (;;) {
    const found = await config.read()
    if (found.names.length > 0 || performance.now() > end) {
      for (const note of found.notes) process.stderr.write(`${note}\n`)
      return found
    }
    await delay(1000)
  }
}

async function decidePatiently(source: AnswersSource | null, root: Root): Promise<Next> {
  const now = { root, facts: setupFacts(root), inspection: openInspection(root) }
  const end = performance.now() + LATE_DISKS_SECONDS * 1000
  for (;;) {
    const next = await decideNow(source, now)
    if (next.kind !== 'ask' || next.problems.length === 0 || performance.now() > end) return next
    await delay(2000)
  }
}

const tell = async (beginning: Beginning): Promise<void> =>
  await writeDurably(beginningPath, JSON.stringify(beginning), { mode: 0o644 })

async function isCancelled(): Promise<boolean> {
  const end = performance.now() + COUNTDOWN_SECONDS * 1000
  const cancelled = () =>
    access(cancelPath).then(
      () => true,
      () => false,
    )
  while (performance.now() < end) {
    if (await cancelled()) return true
    await delay(250)
  }
  return await cancelled()
}

async function start(request: Request): Promise<void> {
  await writeRequest(requestPath, request)
  await tell({ kind: 'started' })
  await rm(cancelPath, { force: true })
  const started = await run('systemctl', ['start', '--no-block', 'mediaserver-apply.service'])
  if (started.code !== 0) throw new Error(`The set-up could not be started: ${started.stderr.trim()}`)
}

const errorFile = (problems: readonly string[]) => ({
  files: [
    {
      name: 'ERROR.txt',
      data: ['The answers could not be used. Nothing was changed on any disk.', '', ...problems, ''].join('\r\n'),
    },
  ],
  remove: [],
})
