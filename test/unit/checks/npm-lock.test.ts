import { expect, test } from 'vitest'
import { lackingOptionals } from '../../../builder/checks/npm-lock.ts'

const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages })
const tool = { optionalDependencies: { '@tool/linux-x64': '1.0.0', '@tool/darwin-arm64': '1.0.0' } }

test('a lock without the binaries of other machines is a fault', () => {
  const held = { '': {}, 'node_modules/tool': tool, 'node_modules/@tool/linux-x64': {} }
  expect(lackingOptionals(lock(held))).toEqual(['@tool/darwin-arm64'])
})

test('a whole lock is none, also where a package lies below another', () => {
  const held = {
    'node_modules/tool': tool,
    'node_modules/@tool/linux-x64': {},
    'node_modules/tool/node_modules/@tool/darwin-arm64': {},
  }
  expect(lackingOptionals(lock(held))).toEqual([])
})
