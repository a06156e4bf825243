import { access, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { draftPath } from '../draft-store.ts'
import { takeLock } from '../lock.ts'
import { openConfigPartition } from '../config-partition/partition.ts'
import { readManifest } from '../manifest.ts'
import { roleOf } from '../probe/cmdline.ts'
import type { Root } from '../root.ts'
import { run } from '../run.ts'
import { applyRequest } from './apply.ts'
import { writeDurably } from './durable.ts'
import { findRequest } from './find-request.ts'
import { applyLockPath, changedPath, firstBootPath, firstVerificationPath } from './places.ts'
import { reportToStick } from './report.ts'
import { isFromStick, type Request } from './request.ts'

// For somebody who happens to look at the screen.
const READING_SECONDS = 20

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

type Say = (line: string) => void

/**
 * `mediaserver apply`: gives the exit code. Says what it does to the events of this boot, and its end to `say`. One at a
 * time does it: what is on its way already is waited for, and then looked at again.
 */
export async function applyCommand(root: Root, say: Say): Promise<number> {
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort()).once('SIGINT', () => stop.abort())
  await using _held = await takeLock(applyLockPath, stop.signal, () =>
    say('The answers are being applied already, or the doctor is at work; this goes on when that is done.'),
  )
  return await applyAll(root, say, stop.signal)
}

async function applyAll(root: Root, say: Say, signal: AbortSignal): Promise<number> {
  const request = await findRequest('')
  if (request === null) {
    say('There is nothing to apply: this machine has not been set up yet. Start with "mediaserver setup".')
    return 2
  }
  const live = roleOf(root.text('/proc/cmdline') ?? '') === 'live'
  const outcome = await applyRequest(request, signal)
  const { finished, milestones } = outcome
  if (finished && request.plan.mode === 'configure') {
    // Who installed without a screen looks at the stick; a power cut here only means that this is done again.
    if (await isThere(firstBootPath)) await writeDurably(firstVerificationPath, '', { mode: 0o600 })
    await rm(firstBootPath, { force: true })
    await rm(changedPath, { force: true })
  }
  // What was typed holds secrets, and is not needed any more.
  if (finished) await rm(draftPath, { force: true })
  for (const event of milestones) {
    if (event.type === 'done') say(`done     ${event.id}: ${event.evidence}`)
    if (event.type === 'found-done') say(`no change ${event.id}: ${event.evidence}`)
    if (event.type === 'failed') say(`FAILED   ${event.id}: ${event.message} ${event.mend}`)
  }
  if (live) {
    for (const note of await reportToStick(openConfigPartition(root), readManifest(root), request, outcome)) say(note)
    if (finished && isFromStick(request)) await leave(request.plan.mode)
  }
  // A power cut may leave the end of an installation to the new system; its first start goes on from there.
  if (finished && !live && request.plan.mode !== 'configure') return await applyAll(root, say, signal)
  // What was made is proven right away, by a unit of its own: it takes a while, and may be looked at or stopped.
  if (finished && !live) await run('systemctl', ['--no-block', 'start', 'mediaserver-verify.service'])
  return finished ? 0 : 1
}

// Nobody is there to pull the stick out, so the machine waits for it switched off; without a stick it starts anew.
async function leave(mode: Request['plan']['mode']): Promise<void> {
  await delay(READING_SECONDS * 1000)
  // This very program holds the lock that keeps logind from switching the machine off, for root too and whatever the
  // option --check-inhibitors says (systemd 257 asks polkit then); the manager itself asks nobody.
  const target = mode === 'in-place' ? 'reboot.target' : 'poweroff.target'
  await run('systemctl', ['--no-block', '--job-mode=replace-irreversibly', 'start', target])
}
