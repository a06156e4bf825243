import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generatedFiles } from '../generated.ts'
import { isShellScript, modeFaults, readScripts } from './files.ts'
import { npmLock } from './npm-lock.ts'
import { askTool, linesOf } from './tool.ts'
import type { Check, CheckContext } from './types.ts'
import { tests } from './unfinished-tests.ts'
import { units } from './units.ts'
import { workflows } from './workflows.ts'

/** A check by a program of node_modules; it passes when the program ends with 0. */
function byModule(name: string, mend: string, program: string, ...args: readonly string[]): Check {
  return {
    name,
    mend,
    look: async context => {
      const argv = [process.execPath, join(context.project, 'node_modules', program), ...args] as const
      const { exitCode, output } = await askTool(context, argv)
      return {
        faults:
          exitCode === 0
            ? []
            : [...linesOf(output), ...(output === '' ? [`${program} ended with exit code ${exitCode}`] : [])],
      }
    },
  }
}

const shell: Check = {
  name: 'shell',
  mend: '',
  look: async context => {
    const scripts = (await readScripts(context.project, context.files)).filter(isShellScript).map(({ file }) => file)
    if (scripts.length === 0) return { faults: [] }
    const { exitCode, output } = await askTool(context, ['shellcheck', '--format=gcc', ...scripts])
    return { faults: exitCode === 0 ? [] : linesOf(output) }
  },
}

const modes: Check = {
  name: 'modes',
  mend: '',
  look: async ({ project, files }) => ({ faults: modeFaults(await readScripts(project, files)) }),
}

const schemas: Check = {
  name: 'schemas',
  mend: 'Write them anew with: npm run schema',
  look: async ({ project }: CheckContext) => {
    const stale = await Promise.all(
      Object.entries(generatedFiles()).map(async ([file, text]) =>
        (await readFile(join(project, file), 'utf8').catch(() => '')) === text ? [] : [`${file} is not fresh`],
      ),
    )
    return { faults: stale.flat() }
  },
}

/** All checks, the slow ones first. */
export const CHECKS: readonly Check[] = [
  byModule('types', '', 'typescript/bin/tsc', '--noEmit', '--pretty', 'false'),
  byModule('lint', '', 'oxlint/bin/oxlint', '--format', 'unix', '--deny-warnings'),
  byModule('format', 'Write them right with: npx oxfmt', 'oxfmt/bin/oxfmt', '--list-different'),
  byModule('unused', '', 'knip/bin/knip.js', '--no-progress'),
  shell,
  units,
  workflows,
  schemas,
  tests,
  npmLock,
  modes,
]
