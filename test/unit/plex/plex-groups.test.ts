import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { places } from '../../../builder/places.ts'
import { run } from '../../../builder/shared/run.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

const script = join(places().project, 'overlays/firstboot/usr/lib/mediaserver/plex-groups')

/** Runs the script with render nodes of the given groups; gives what it asked the system to do. */
async function asked(nodes: Readonly<Record<string, number>>, known: Readonly<Record<number, string>>, member: string) {
  const folder = await temporaryFolder()
  const [dri, bin] = [join(folder, 'dri'), join(folder, 'bin')]
  await mkdir(dri)
  await mkdir(bin)
  for (const name of Object.keys(nodes)) await symlink('/dev/null', join(dri, name))
  const program = async (name: string, body: string) => {
    await writeFile(join(bin, name), `#!/bin/sh\n${body}\n`)
    await chmod(join(bin, name), 0o755)
  }
  const lines = (
    entries: Readonly<Record<string, string | number>>,
    of: (name: string, value: string | number) => string,
  ) => Object.entries(entries).map(([name, value]) => of(name, value))
  await program('stat', `case "$4" in\n${lines(nodes, (name, gid) => `*/${name}) echo ${gid} ;;`).join('\n')}\nesac`)
  await program(
    'getent',
    `case "$2" in\n${lines(known, (gid, name) => `${gid}) echo ${name}:x:${gid}: ;;`).join('\n')}\n*) exit 2 ;;\nesac`,
  )
  await program('id', `echo '${member}'`)
  for (const name of ['usermod', 'groupadd']) await program(name, `echo ${name} "$@" >> "${folder}/asked"`)
  await run({ argv: ['sh', script], env: { PATH: `${bin}:/usr/bin:/bin`, MEDIASERVER_DRI: dri } })
  return (await readFile(join(folder, 'asked'), 'utf8').catch(() => '')).trim().split('\n').filter(Boolean)
}

test('who is in the group already is left alone', async () => {
  expect(await asked({ renderD128: 991 }, { 991: 'render' }, 'plex video render')).toEqual([])
})

test('two devices of two groups give both', async () => {
  expect(await asked({ renderD128: 44, renderD129: 991 }, { 44: 'video', 991: 'render' }, 'plex')).toEqual([
    'usermod --append --groups video plex',
    'usermod --append --groups render plex',
  ])
})

test('a group without a name gets one', async () => {
  expect(await asked({ renderD128: 1234 }, {}, 'plex')).toEqual([
    'groupadd --system --gid 1234 render1234',
    'usermod --append --groups render1234 plex',
  ])
})

test('the group of root is given to nobody; without a device nothing is done', async () => {
  expect(await asked({ renderD128: 0 }, { 0: 'root' }, 'plex')).toEqual([])
  expect(await asked({}, {}, 'plex')).toEqual([])
})
