import type { Reporter } from '../execute/events.ts'
import type { StepKind } from '../plan/types.ts'
import { formatBytes, formatSeconds } from '../shared/format.ts'
import { plainReporter } from './plain.ts'

const BAR = 24

/** How much of each step's time a build usually takes; only used for the bar. */
const WEIGHT: Readonly<Record<StepKind, number>> = {
  packages: 25,
  plex: 2,
  root: 65,
  sums: 4,
  'container-packages': 10,
  containers: 40,
  payload: 3,
  bundle: 1,
  layer: 1,
  esp: 2,
  config: 1,
  disk: 5,
}

interface State {
  doing: string
  done?: number | undefined
  total?: number | undefined
  since: number
}

/** The live line at the bottom: bar, current steps, bytes, elapsed. Pure. */
export function statusLine(
  planned: readonly StepKind[],
  ready: ReadonlySet<StepKind>,
  running: ReadonlyMap<StepKind, State>,
  now: number,
  begin: number,
  width: number,
): string {
  const all = planned.reduce((sum, id) => sum + WEIGHT[id], 0)
  let weight = 0
  for (const id of ready) weight += WEIGHT[id]
  for (const [id, { done, total }] of running)
    if (done !== undefined && total !== undefined && total > 0) weight += (WEIGHT[id] * done) / total
  const filled = Math.min(BAR, Math.round((weight / Math.max(1, all)) * BAR))
  const doing = [...running]
    .map(
      ([id, { doing: what, done, total }]) =>
        `${id}: ${what}${done === undefined || total === undefined ? '' : ` ${formatBytes(done)} of ${formatBytes(total)}`}`,
    )
    .join(', ')
  return `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${formatSeconds((now - begin) / 1000)}  ${doing}`.slice(
    0,
    Math.max(20, width - 1),
  )
}

/** A progress bar with finished steps above it; for a person at a terminal. */
export function terminalReporter(stream: NodeJS.WriteStream): Reporter {
  const begin = performance.now()
  let planned: readonly StepKind[] = []
  const ready = new Set<StepKind>()
  const running = new Map<StepKind, State>()
  const clear = () => stream.write('\r\u001b[K')
  const draw = () => {
    clear()
    if (running.size > 0)
      stream.write(statusLine(planned, ready, running, performance.now(), begin, stream.columns || 80))
  }
  const plain = plainReporter(line => {
    clear()
    stream.write(`${line}\n`)
  })
  const timer = setInterval(draw, 200)
  timer.unref()
  return {
    report(event) {
      if (event.type === 'plan') planned = event.steps.map(step => step.id)
      if (event.type === 'started') running.set(event.id, { doing: event.title, since: performance.now() })
      if (event.type === 'progress')
        running.set(event.id, { doing: event.doing, done: event.done, total: event.total, since: performance.now() })
      if (event.type === 'finished' || event.type === 'failed' || event.type === 'stopped') running.delete(event.id)
      if (event.type === 'finished' || event.type === 'reused') ready.add(event.id)
      if (event.type !== 'progress' && event.type !== 'started') plain.report(event)
      draw()
    },
    close() {
      clearInterval(timer)
      clear()
    },
  }
}
