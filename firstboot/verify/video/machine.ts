import { parsePlexUser } from '../../plex/install.ts'
import type { Ended } from '../../run.ts'
import type { Finding, Scene } from '../check.ts'
import { type Chosen, readVideoMachine, type VideoMachine } from './devices.ts'
import { type DriverLog, isAboutGraphics, parseDriverLog } from './parse-firmware.ts'
import { deviceFor } from './presence.ts'

type Argv = readonly [string, ...string[]]

/** What this machine has for video, found out once for all checks. */
export const videoMachine = (scene: Scene): Promise<VideoMachine> =>
  scene.once('video machine', () => Promise.resolve(readVideoMachine(scene.root)))

/** More lines than this are the same complaint again and again. */
const MOST_LINES = 2000

/** What the kernel's log says of graphics, read once; null when it cannot be read. */
export const driverLog = (scene: Scene): Promise<DriverLog | null> =>
  scene.once('video kernel log', async () => {
    const lines: string[] = []
    const { code } = await scene.attempt(['journalctl', '--dmesg', '--boot', '--output=cat', '--no-pager', '--quiet'], {
      quiet: true,
      onLine: line => void (isAboutGraphics(line) && lines.length < MOST_LINES && lines.push(line)),
    })
    return code === 0 ? parseDriverLog(lines) : null
  })

/** Proves something with the Intel device of this machine; where there is none that can be used, says that instead. */
export async function withDevice(
  scene: Scene,
  prove: (chosen: Chosen, machine: VideoMachine) => Promise<Finding>,
): Promise<Finding> {
  const machine = await videoMachine(scene)
  const chosen = deviceFor(machine, await unknownDevice(scene, machine))
  return 'instead' in chosen ? chosen.instead : await prove(chosen, machine)
}

/** The number of a device that the kernel says it is too old for; only asked where something is missing. */
export const unknownDevice = async (scene: Scene, machine: VideoMachine): Promise<string | null> =>
  machine.chosen === null && machine.cards.some(card => card.vendorId === '8086')
    ? ((await driverLog(scene))?.unknownDevice ?? null)
    : null

/** A program as the user of Plex runs it, with the groups that it has now; as it is where there is no such user. */
export function asPlex({ root }: Pick<Scene, 'root'>, argv: Argv): Argv {
  const user = parsePlexUser(root.text('/etc/passwd') ?? '')
  return user === null
    ? argv
    : ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--init-groups', '--', ...argv]
}

/** Runs a program and gives both of its streams as one text, line by line as they came. */
export async function attemptMerged(
  scene: Scene,
  argv: Argv,
  onLine?: (line: string) => void,
): Promise<{ readonly code: Ended['code']; readonly text: string }> {
  const lines: string[] = []
  const { code, stdout, stderr } = await scene.attempt(argv, {
    quiet: true,
    onLine: line => {
      if (lines.push(line) > MOST_LINES) lines.shift()
      onLine?.(line)
    },
  })
  // A program that could not be started has said nothing itself.
  return { code, text: lines.length > 0 ? lines.join('\n') : `${stdout}\n${stderr}`.trim() }
}
