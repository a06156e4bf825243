import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const CALL = /\[?'mount',\s*\[?([^\]]*)\]/g
const calls = globSync('firstboot/**/*.ts').flatMap(file =>
  [...readFileSync(file, 'utf8').matchAll(CALL)].map(([, options = '']) => ({ file, options })),
)

// Since util-linux 2.42 mount believes udev and not the disk, and udev does not know yet what was made a moment ago; see
// https://github.com/util-linux/util-linux/issues/4527. So whoever mounts says what.
test('nothing is mounted without its type', () => {
  const untyped = calls.filter(({ options }) => !/'-t'|'--r?bind'|remount/.test(options))
  expect(untyped).toEqual([])
  expect(calls.length).toBeGreaterThan(9)
})
