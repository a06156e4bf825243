import { randomUUID } from 'node:crypto'
import { ChangeFailure } from '../../apply/failure.ts'
import { accessTo } from '../../plex/account.ts'
import { plexFolder } from '../../plex/preferences-file.ts'
import { PlexServer } from '../../plex/server.ts'
import { parsePlexState, plexStatePath } from '../../plex/state.ts'
import { Transcoder, type Trial } from '../../plex/transcode.ts'
import { placesOf } from '../../wiring/services.ts'
import { ageWords } from '../age.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { intelCards, type VideoMachine } from './devices.ts'
import { judgePlexFacts, judgePlexTrial } from './judge-plex.ts'
import { unknownDevice, videoMachine } from './machine.ts'
import { parsePlexLog } from './parse-plex-log.ts'
import { deviceFor } from './presence.ts'
import { recall, remember } from './remembered.ts'
import { removeLeftovers, type SelfTest, withSelfTest } from './self-test.ts'
import { failed, nothing, passed, warned } from './sentence.ts'

/** How long Plex may take to begin, in milliseconds: at its first transcoding it fetches its own video driver. */
const PATIENCE_MS = 25_000

/** Layer 8. `pauseMs` is the time between two looks at what Plex does. */
export const plexCheck = (pauseMs?: number): Check => ({
  id: 'video-plex',
  section: 'hardware video',
  title: 'Plex transcodes in hardware',
  how: 'Has Plex make a few seconds of a film smaller, once a day, and reads by what it says that it did it.',
  seconds: 75,
  run: async scene => {
    const machine = await videoMachine(scene)
    const without = await noDevice(scene, machine)
    return without ?? (await tryPlex(scene, machine, pauseMs))
  },
})

/** Makers whose devices Plex can use besides Intel: NVIDIA and AMD. */
const others = /^(?:10de|1002)$/

async function noDevice(scene: Scene, machine: VideoMachine): Promise<Finding | null> {
  if (intelCards(machine).length > 0) {
    const chosen = deviceFor(machine, await unknownDevice(scene, machine))
    return 'instead' in chosen ? chosen.instead : null
  }
  return machine.cards.some(card => others.test(card.vendorId) && card.renderNode !== null)
    ? null
    : nothing('There is no graphics device that Plex could use')
}

async function tryPlex(scene: Scene, machine: VideoMachine, pauseMs: number | undefined): Promise<Finding> {
  const { root, ask } = scene
  const server = new PlexServer(ask)
  const identity = await server.identity()
  if (identity === null) return await whyNone(ask)
  const state = parsePlexState(root.text(plexStatePath) ?? '')
  const facts = { claimed: identity.claimed, pass: state.pass ?? null }
  const early = judgePlexFacts({ ...facts, switchedOn: null })
  if (early !== null) return early
  const token = await accessTo(server, identity, state, path => `${root.prefix}${path}`)
  try {
    const setting = (await server.settings(token)).find(({ id }) => id === 'HardwareAcceleratedCodecs')
    const switchedOn = setting === undefined ? null : /^(?:1|true)$/.test(setting.value)
    const off = judgePlexFacts({ ...facts, switchedOn })
    if (off !== null) return off
    const { version } = identity
    const known = recall(scene, version)
    if (known !== null) return passed(`${known.words} That was ${ageWords(known.at, scene.now())}`)
    const result = await transcode({ scene, server, transcoder: new Transcoder(ask, token, pauseMs), token })
    if (result === null)
      return warned('video-plex-no-film', 'There is no film in Plex yet, and none could be made to try it with')
    const finding = judgePlexTrial(result, await readLog(scene), facts.pass, machine.nodes.length)
    if (finding.verdict === 'pass') await remember(scene, { version, at: scene.now(), words: finding.words })
    // Nobody has promised anything of other makers' graphics.
    return finding.verdict === 'fail' && machine.chosen === null
      ? warned('video-other-maker', finding.words, finding.detail)
      : finding
  } catch (error) {
    if (error instanceof ChangeFailure) return warned('video-plex-unclear', error.message)
    throw error
  }
}

/** Why Plex does not say who it is: there is nobody, or it starts and puts its library in order, which proves nothing. */
async function whyNone(ask: Scene['ask']): Promise<Finding> {
  const reply = await ask({ method: 'GET', url: `${placesOf.plex.url}${placesOf.plex.ready}`, timeoutMs: 5000 })
  // One that answers well by now has come up between both questions.
  return !('unreachable' in reply) && (reply.status === 503 || reply.status === 200)
    ? warned('video-plex-starting', 'Plex is starting or in maintenance, so nothing can be tried now')
    : failed('video-plex-down', 'Plex does not answer, so it cannot transcode')
}

async function transcode(test: SelfTest): Promise<Trial | null> {
  await removeLeftovers(test)
  const trial = (film: string) => test.transcoder.trial(film, randomUUID(), PATIENCE_MS, test.scene.signal)
  const film = await test.transcoder.anyFilm()
  return film === null ? await withSelfTest(test, trial) : await trial(film)
}

async function readLog({ attempt }: Scene): Promise<ReturnType<typeof parsePlexLog>> {
  const path = `${plexFolder}/Logs/Plex Media Server.log`
  const lines: string[] = []
  await attempt(['tail', '--lines=2000', path], {
    quiet: true,
    onLine: line => void (line.includes('hardware transcoding:') && lines.push(line)),
  })
  return parsePlexLog(lines.join('\n'))
}
