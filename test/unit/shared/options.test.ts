import { expect, test } from 'vitest'
import { parseBuildOptions } from '../../../builder/options.ts'

test('without options a full online image goes to out/', () => {
  expect(parseBuildOptions([], {})).toMatchObject({
    flavour: 'full',
    sources: 'online',
    out: 'out',
    locked: false,
    update: false,
    publish: false,
  })
})

test('a mirror is taken from the command line, else from the environment; an empty one is none', () => {
  expect(parseBuildOptions(['--mirror', 'http://a.example'], { MEDIASERVER_MIRROR: 'http://b.example' }).mirror).toBe(
    'http://a.example',
  )
  expect(parseBuildOptions([], { MEDIASERVER_MIRROR: 'http://b.example' }).mirror).toBe('http://b.example')
  expect(parseBuildOptions([], { MEDIASERVER_MIRROR: '' })).not.toHaveProperty('mirror')
})

test.each([
  [['--bse', 'x'], "'--bse'"],
  [['debian-13'], "'debian-13'"],
  [['--base'], '--base'],
])('%j is refused with all options there are', (args, named) => {
  const refused = () => parseBuildOptions(args, {})
  expect(refused).toThrow(named)
  expect(refused).toThrow(
    expect.objectContaining({ name: 'UserError', mend: expect.stringMatching(/^Options: --base B/) }),
  )
})

test.each([
  ['flavour', 'ful', 'core, full'],
  ['sources', 'offline', 'online, standin'],
])('an unknown --%s is refused with the known ones', (name, value, known) => {
  expect(() => parseBuildOptions([`--${name}`, value], {})).toThrow(
    expect.objectContaining({ message: `--${name} does not know "${value}".`, mend: `Use one of: ${known}.` }),
  )
})
