import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { eventsPath } from '../apply/events.ts'
import { cancelPath, readBeginning } from '../begin/beginning.ts'
import { readManifest } from '../manifest.ts'
import { openPorts } from '../ports.ts'
import { followEvents } from '../progress/follow.ts'
import { noTrack, type Track } from '../progress/reduce.ts'
import type { Root } from '../root.ts'
import { applyingScene } from './applying-scene.ts'
import { countdownScene } from './countdown-scene.ts'
import type { Scene, Stage } from './scene.ts'
import { openStage } from './stage.ts'
import { statusScene } from './status-scene.ts'
import { wizardScene } from './wizard-scene.ts'

// A clock on the screen moves once a second.
const tickDelay = 1000

/** What a console shows when nothing is being applied: the questions of the set-up, or how the machine is. */
export type Home = 'wizard' | 'status'

/**
 * The screens on this terminal; never returns. While a plan is applied every console shows its progress, whoever began
 * it: that is known from the events, and not from what was pressed here. `mayLeave` as in `openStage`.
 */
export function openConsole(root: Root, home: Home, mayLeave: boolean): void {
  openStage(mayLeave, stage => direct(stage, root, home))
}

function direct(stage: Stage, root: Root, home: Home): Scene {
  const at = (path: string) => (root.prefix === '' ? path : join(root.prefix, path))
  const manifest = readManifest(root)
  const ports = openPorts(root, stage.name)
  let atHome = true
  let track: Track = noTrack
  // The run of a plan that somebody has turned away from: its failure is known, and the answers are being changed.
  let leftAt = 0

  const parts = { root, ports, manifest, current: () => atHome }
  const homeScene = home === 'wizard' ? wizardScene(stage, parts) : statusScene(stage, parts)
  let shown: Scene = homeScene
  const applying = applyingScene(stage, {
    ports,
    manifest,
    edit() {
      leftAt = track.at
      homeScene.edit()
      change(homeScene)
    },
  })
  const change = (scene: Scene) => {
    if (shown === scene) return stage.show()
    shown = scene
    atHome = scene === homeScene
    stage.change(scene)
  }
  const follow = (alive: boolean) => {
    applying.follow(track, alive)
    if (track.phase === 'waiting' || (track.at <= leftAt && track.phase !== 'running')) return
    // Once everything is done, an installed machine shows how it is.
    const over = track.phase === 'finished' && home === 'status'
    change(over ? homeScene : applying)
  }
  followEvents(at(eventsPath), next => {
    track = next
    follow(true)
  })
  setInterval(() => {
    if (track.phase === 'running') follow(ports.isApplying())
    else if (home === 'wizard' && track.phase === 'waiting') countDown()
    if (shown !== homeScene) stage.show()
  }, tickDelay).unref()

  let counting: Scene | null = null
  const countDown = () => {
    const beginning = readBeginning(root)
    if (beginning?.kind !== 'countdown') {
      if (shown === counting && counting !== null) change(homeScene)
      return
    }
    counting ??= countdownScene(stage, {
      manifest,
      until: beginning.until,
      plan: beginning.plan,
      cancel() {
        mkdirSync(dirname(at(cancelPath)), { recursive: true })
        writeFileSync(at(cancelPath), '')
        change(homeScene)
      },
    })
    if (Date.now() < beginning.until && shown === homeScene && !ports.cancelled()) change(counting)
  }
  return homeScene
}
