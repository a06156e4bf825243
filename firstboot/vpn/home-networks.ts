import type { Site } from '../changes/change.ts'
import { readAnswers, siteFor } from './command.ts'
import { renewNetworks } from './force.ts'

const PATIENCE_MILLISECONDS = 60_000

/** Has the kill switch know the networks that this machine is in now; says so only when they have changed. */
export async function learnNetworks(site: Site, say: (line: string) => void): Promise<void> {
  if (await renewNetworks(site)) say('This machine has come into another network; the kill switch knows it now.')
}

/** `mediaserver home-networks`, for a timer: gives the exit code. With a VPN or without, some ports are for the home alone. */
export async function homeNetworksCommand(say: (line: string) => void): Promise<number> {
  const answers = await readAnswers()
  if (answers !== null) await learnNetworks(siteFor(answers, PATIENCE_MILLISECONDS), say)
  return 0
}
