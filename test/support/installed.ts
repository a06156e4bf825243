import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { deadlineFactor, pollUntil } from '../../builder/qemu/deadlines.ts'
import { withEvidence } from '../../builder/qemu/evidence.ts'
import { Machine } from '../../builder/qemu/machine.ts'
import type { MachineOptions } from '../../builder/qemu/options.ts'
import type { ApplyEvent } from '../../firstboot/apply/events.ts'
import type { SshLogin } from './ssh.ts'
import { changeSeconds, telling, toldEvents, waitUntilTold } from './told.ts'

/** From power-on to power-off, on real hardware: start, countdown, copy, compare, and the time to read the last screen. */
export const INSTALL_SECONDS = 420

/** A machine that has set itself up, and how many seconds each change took by its own clock. */
interface Installation {
  readonly machine: Machine
  readonly seconds: ReadonlyMap<string, number>
}

/**
 * Starts a machine with answers on what it starts from, and returns when it has set itself up: then it goes on to switch
 * itself off or to start anew. `choose` is for a menu on the way, and gets the log of the first serial port. Throws at once
 * when a change fails. Prints how long each change took.
 */
export async function startInstallation(
  options: MachineOptions,
  evidence: string,
  choose: (machine: Machine, serialLog: string) => Promise<void> = async () => {},
): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'ms-told-'))
  const serialLog = join(folder, 'serial.log')
  const installer = await Machine.start({ ...options, keepStick: true, credentials: telling, serialLog })
  try {
    await withEvidence(installer, evidence, async () => {
      await choose(installer, serialLog)
      await waitUntilTold(installer, serialLog, event => event.type === 'finished', INSTALL_SECONDS)
    })
    const seconds = changeSeconds(await toldEvents(serialLog))
    const each = seconds.map(([id, took]) => `${id} ${took.toFixed(1)}`).join(', ')
    console.log(`${evidence}: ${each}; finished ${installer.seconds().toFixed(0)} s after power-on`)
    return { machine: installer, seconds: new Map(seconds) }
  } catch (error) {
    await installer[Symbol.asyncDispose]()
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Begins to set a machine up from its stick, and pulls the plug some milliseconds after what is told then. */
export async function cutInstallation(
  options: MachineOptions,
  evidence: string,
  told: (event: ApplyEvent) => boolean,
  milliseconds: number,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ms-told-'))
  const serialLog = join(folder, 'serial.log')
  try {
    await using machine = await Machine.start({ ...options, keepStick: true, credentials: telling, serialLog })
    await withEvidence(machine, evidence, () => waitUntilTold(machine, serialLog, told, INSTALL_SECONDS))
    await delay(milliseconds)
    await machine.crash()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Sets a machine up from its stick, until it has switched itself off; gives the seconds that each change took. */
export async function installFromStick(options: MachineOptions, evidence: string): Promise<Installation['seconds']> {
  const { machine, seconds } = await startInstallation(options, evidence)
  await using installer = machine
  await withEvidence(installer, evidence, () => installer.waitForShutdown(60))
  return seconds
}

/** From the start of an installed machine to the first login by SSH, on real hardware. */
const LOGIN_SECONDS = 90

/** Waits until somebody can log in by key; throws with what SSH said last and what the screen shows. */
export async function waitForLogin(
  machine: Machine,
  login: SshLogin,
  user: string,
  seconds = LOGIN_SECONDS,
): Promise<void> {
  let last = ''
  const came = await pollUntil(
    seconds * 1000 * deadlineFactor(machine.accel),
    async () => {
      const { exitCode, error } = await login.as(user, 'true')
      last = error
      return exitCode === 0 ? true : undefined
    },
    2000,
  )
  if (came !== true) throw new Error(`Nobody could log in: ${last}\nThe screen shows:\n${machine.screenText()}`)
}
