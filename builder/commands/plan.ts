import type { CommandFunction } from './command.ts'
import { Store } from '../execute/store.ts'
import { parseBuildOptions } from '../options.ts'
import { explainPlan, renderPlan } from '../plan/explain.ts'
import { places } from '../places.ts'
import { prepare } from '../prepare.ts'
import { run } from '../shared/run.ts'

/** `npm run plan`: says for each step whether it will run, and why; `--json` for programs. */
export const plan: CommandFunction = async (args, signal) => {
  const json = args.includes('--json')
  const options = parseBuildOptions(
    args.filter(arg => arg !== '--json'),
    process.env,
  )
  const here = places()
  const { plan: decided } = await prepare(here.project, here.store, options, run, signal)
  const store = new Store(here.store, run)
  const verdicts = explainPlan(decided, await store.keys(), await store.lastParts(decided.base))
  process.stdout.write(
    json
      ? `${JSON.stringify(
          verdicts.map(({ step, runs, reason }) => ({ id: step.id, key: step.key, title: step.title, runs, reason })),
          null,
          2,
        )}\n`
      : renderPlan(decided, verdicts),
  )
  return 0
}
