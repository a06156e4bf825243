import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { places } from '../../../builder/places.ts'
import { run } from '../../../builder/shared/run.ts'
import { PLEX_ID, plexParts } from '../../../builder/steps/plex-root.ts'
import { makeStandinPlex } from '../../../builder/steps/plex-standin.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

const paths = { archive: '/P', sources: '/P/s', key: '/P/k' }
const { project } = places()

test('a baked Plex is installed from its own small archive, and apt keeps its source and key', () => {
  const parts = plexParts({ install: 'baked', signed: true, repository: true }, paths)
  expect(parts.packages).toEqual(['plexmediaserver'])
  expect(parts.archives).toEqual(['deb [trusted=yes] copy:/P ./'])
  expect(parts.after.join('\n')).toContain('upload /P/s /etc/apt/sources.list.d/mediaserver-plex.sources')
  expect(parts.after.join('\n')).toContain('upload /P/k /usr/share/keyrings/mediaserver-plex.asc')
})

test('an image that fetches Plex at first boot has its user, source and key, and no package', () => {
  const parts = plexParts({ install: 'first-boot', signed: true, repository: true }, paths)
  expect(parts.packages).toEqual([])
  expect(parts.archives).toEqual([])
  expect(parts.before).toHaveLength(3)
  expect(parts.after.join('\n')).not.toContain('/usr/lib/plexmediaserver/')
  expect(parts.after.join('\n')).toContain('upload /P/k')
})

test('a stand-in that is baked in tells apt of no repository', () => {
  expect(plexParts({ install: 'baked', signed: false, repository: false }, paths).after.join('\n')).not.toContain(
    'upload',
  )
})

test('the number of the user is the same in the build and for systemd-sysusers', async () => {
  const text = await readFile(join(project, 'overlays/root/usr/lib/sysusers.d/mediaserver-plex.conf'), 'utf8')
  expect(text).toContain(`u plex ${PLEX_ID}:${PLEX_ID} `)
  expect(text).toContain(`g plex ${PLEX_ID}\n`)
})

test('the user is made once, with its number, and a root that has it already is left alone', async () => {
  const root = await temporaryFolder()
  const { before } = plexParts({ install: 'baked', signed: false, repository: false }, paths)
  const script = [
    'mkdir -p "$1/etc"',
    'touch "$1/etc/shadow"',
    'touch "$1/etc/passwd" "$1/etc/group"',
    ...before,
    ...before,
  ]
  await run({ argv: ['sh', '-ec', script.join('\n'), 'sh', root] })
  expect(await readFile(join(root, 'etc/passwd'), 'utf8')).toBe(
    `plex:x:${PLEX_ID}:${PLEX_ID}:Plex Media Server:/var/lib/plexmediaserver:/usr/sbin/nologin\n`,
  )
  expect(await readFile(join(root, 'etc/group'), 'utf8')).toBe(`plex:x:${PLEX_ID}:\n`)
  expect(await readFile(join(root, 'etc/shadow'), 'utf8')).toBe('plex:!:1::::::\n')
})

test('the package of the stand-in has the same bytes each time, and what the real one has', async () => {
  const folder = await temporaryFolder()
  const [one, two] = [join(folder, 'one.deb'), join(folder, 'two.deb')]
  await makeStandinPlex(project, one, 1795478400, run)
  await makeStandinPlex(project, two, 1795478400, run)
  expect((await readFile(one)).equals(await readFile(two))).toBe(true)
  const { stdout } = await run({ argv: ['dpkg-deb', '--contents', one] })
  for (const path of ['Plex Media Server', 'lib/plexmediaserver.service', 'standin/main.ts'])
    expect(stdout).toMatch(new RegExp(`^-\\S+ root/root .*\\./usr/lib/plexmediaserver/${path}$`, 'm'))
  expect(stdout).toMatch(/^-rwxr-xr-x .*Plex Media Server$/m)
  const { stdout: name } = await run({ argv: ['dpkg-deb', '--field', one, 'Package'] })
  expect(name.trim()).toBe('plexmediaserver')
})
