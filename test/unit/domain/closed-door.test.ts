import { describe, expect, test } from 'vitest'
import { closedDoor } from '../../../firstboot/domain/closed-door.ts'
import { DOOR_FILE, doorPath, renderDoor } from '../../../firstboot/domain/requests-door.ts'
import { renderCompose } from '../../../firstboot/stack/compose.ts'
import { configFolder, stackFolder } from '../../../firstboot/stack/folders.ts'
import { aService } from '../stack/a-service.ts'
import { aRoot } from '../verify/a-scene.ts'

/** A machine with these services, whose door is closed. */
const machine = (services: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  aRoot({
    [doorPath('anna')]: renderDoor({ open: false, why: 'Sign in to Plex.' }),
    [`${configFolder('anna', 'caddy')}/Caddyfile`]: `films.example.com {\n\timport ${DOOR_FILE}\n}\n`,
    [`${stackFolder('anna')}/compose.yaml`]: renderCompose(
      services.map(name => aService({ name })),
      'anna',
    ),
    ...more,
  })

describe('why the internet is kept out of Jellyseerr', () => {
  test('is told where there is a Jellyseerr and a domain', () => {
    expect(closedDoor(machine(['caddy', 'jellyseerr', 'sonarr']), 'anna')).toBe('Sign in to Plex.')
  })
  test('is told no more of one that is open', () => {
    const open = { [doorPath('anna')]: renderDoor({ open: true }) }
    expect(closedDoor(machine(['caddy', 'jellyseerr'], open), 'anna')).toBeNull()
  })
  // The file of the door stays, for the Caddyfile imports it.
  test.each([
    ['Jellyseerr is not chosen any more', ['caddy', 'sonarr']],
    ['there is no domain any more', ['jellyseerr', 'sonarr']],
    ['nothing was set up', []],
  ])('is nothing that anybody asks when %s', (_, services) => {
    expect(closedDoor(machine(services), 'anna')).toBeNull()
  })
  test('is not known where its owner leads the domain elsewhere', () => {
    const own = { [`${configFolder('anna', 'caddy')}/Caddyfile`]: 'films.example.com {\n\treverse_proxy other:80\n}\n' }
    expect(closedDoor(machine(['caddy', 'jellyseerr'], own), 'anna')).toBeNull()
  })
  test('is nothing on a machine without any of these files', () => {
    expect(closedDoor(aRoot(), 'anna')).toBeNull()
  })
})
