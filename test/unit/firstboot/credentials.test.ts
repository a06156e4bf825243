import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { credentialsCommand, credentialsPath, parseCredentials } from '../../../firstboot/credentials.ts'
import { DOOR_FILE, doorPath, renderDoor } from '../../../firstboot/domain/requests-door.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { configFolder, stackFolder } from '../../../firstboot/stack/folders.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

test('passwords are read, and what is damaged is none', () => {
  const text = '{"console":{"user":"anna","password":"abcd"},"sonarr":{"user":"anna","password":"x"}}'
  expect(Object.keys(parseCredentials(text) ?? {})).toEqual(['console', 'sonarr'])
  for (const damaged of ['', '{', '[]', '{"console":{"user":"anna"}}', '{"console":"abcd"}', text.slice(0, 20)])
    expect(parseCredentials(damaged)).toBeNull()
})

test('who looks passwords up is told why Jellyseerr does not open from outside', async () => {
  const place = await temporaryFolder()
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(place, path)), { recursive: true })
    await writeFile(join(place, path), text)
  }
  await write(credentialsPath, '{"console":{"user":"anna","password":"abcd"}}')
  await write('/etc/passwd', 'anna:x:1000:1000::/home/anna:/bin/bash\n')
  const said: string[] = []
  const tell = async () => await credentialsCommand(openRoot(place), false, text => said.push(text))
  expect(await tell()).toBe(0)
  await write(doorPath('anna'), renderDoor({ open: false, why: 'Sign in to Plex.' }))
  await write(`${configFolder('anna', 'caddy')}/Caddyfile`, `films.example.com {\n\timport ${DOOR_FILE}\n}\n`)
  const services = async (...names: string[]) =>
    await write(
      `${stackFolder('anna')}/compose.yaml`,
      `services:\n${names.map(name => `  ${name}:\n    restart: always\n`).join('')}`,
    )
  await services('caddy', 'jellyseerr')
  expect(await tell()).toBe(0)
  await services('caddy')
  expect(await tell()).toBe(0)
  expect(said[0]).not.toContain('Jellyseerr')
  expect(said[1]).toMatch(/abcd\n\nJellyseerr stays closed to the internet\. Sign in to Plex\.$/)
  // It is not chosen any more.
  expect(said[2]).toBe(said[0])
})
