// A build of three tiny steps; the middle one makes a mark and then waits as long as it is told.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contained } from './contained.ts'
import { execute, tinyPlan, writes } from '../../unit/execute/tiny-plan.ts'

const [, , folder = '', what = '', mark = ''] = process.argv

const mount = 'mkdir -p "$0" && mount -t tmpfs tmpfs "$0"'
const { said, error } = await execute(folder, tinyPlan({ packages: [], root: ['packages'], disk: ['root'] }), {
  root: async context => {
    if (what === 'hang')
      await context.run(
        { argv: contained(`${mount} && touch "$0.ready" && { tail -f "$0.ready" & tail -f "$0.ready"; }`, mark) },
        { signal: context.signal },
      )
    if (what === 'slow') {
      await writeFile(join(folder, 'inside'), '')
      // Another build comes meanwhile, on however slow a machine.
      await new Promise(resolve => setTimeout(resolve, 6000))
    }
    await writes(context)
  },
})
process.stdout.write(`${JSON.stringify(said)}\n`)
process.exitCode = error === undefined ? 0 : 1
