import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { explainFailure } from '../../../firstboot/apply/failure.ts'
import { ddnsChecks } from '../../../firstboot/verify/ddns/all.ts'
import { ddnsTroubles } from '../../../firstboot/verify/ddns/troubles.ts'
import { domainChecks } from '../../../firstboot/verify/domain/all.ts'
import { domainTroubles } from '../../../firstboot/verify/domain/troubles.ts'
import { killSwitchChecks } from '../../../firstboot/verify/kill-switch/all.ts'
import { killSwitchTroubles } from '../../../firstboot/verify/kill-switch/troubles.ts'
import { linksChecks } from '../../../firstboot/verify/links/all.ts'
import { linksTroubles } from '../../../firstboot/verify/links/troubles.ts'
import { servicesChecks } from '../../../firstboot/verify/services/all.ts'
import { servicesTroubles } from '../../../firstboot/verify/services/troubles.ts'
import { vpnChecks } from '../../../firstboot/verify/vpn/all.ts'
import { vpnTroubles } from '../../../firstboot/verify/vpn/troubles.ts'
import { webChecks } from '../../../firstboot/verify/web/all.ts'
import { webTroubles } from '../../../firstboot/verify/web/troubles.ts'
import { aService } from '../stack/a-service.ts'
import { answering, aScene, type Programs } from './a-scene.ts'

const sections = ['vpn', 'kill-switch', 'services', 'links', 'web', 'domain', 'ddns']
const troubles = [
  ...vpnTroubles,
  ...killSwitchTroubles,
  ...servicesTroubles,
  ...linksTroubles,
  ...webTroubles,
  ...domainTroubles,
  ...ddnsTroubles,
]
const checks = [
  ...vpnChecks,
  ...killSwitchChecks,
  ...servicesChecks,
  ...linksChecks,
  ...webChecks,
  ...domainChecks,
  ...ddnsChecks,
]
const ids = troubles.map(({ id }) => id)

/** Every name of a trouble in the code of a section, wherever a finding may take it from. */
function named(section: string): string[] {
  const folder = join(import.meta.dirname, '../../../firstboot/verify', section)
  const files = readdirSync(folder).filter(name => name.endsWith('.ts') && name !== 'troubles.ts' && name !== 'all.ts')
  const texts = files.map(name => readFileSync(join(folder, name), 'utf8').replaceAll(/^ {2}id: '.*$/gm, ''))
  const pattern = /'((?:vpn|qbittorrent|docker|kill-switch|service|plex|link|web|domain|ddns)-[a-z0-9-]+)'/g
  return texts.flatMap(text => [...text.matchAll(pattern)].map(match => match[1] ?? ''))
}

// Names of what is shared between checks, of a program, and of checks that look back at themselves.
const NO_TROUBLES = ['vpn-containers', 'domain-visits', 'ddns-updater', 'domain-names', 'ddns-update']

describe('troubles of the network', () => {
  test('are there for whatever a check names', () => {
    const found = sections.flatMap(named).filter(name => !NO_TROUBLES.includes(name))
    expect(found.length).toBeGreaterThan(60)
    expect([...new Set(found)].filter(name => !ids.includes(name))).toEqual([])
  })

  test('are each named by a check', () => {
    const found = new Set(sections.flatMap(named))
    expect(ids.filter(id => !found.has(id))).toEqual([])
  })

  test('have names of their own, a cause, and steps that end with looking again or waiting', () => {
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, symptom, cause, mend } of troubles) {
      expect(mend.length, id).toBeGreaterThan(0)
      expect(symptom, id).not.toMatch(/\.$/)
      for (const sentence of [cause, ...mend]) expect(sentence, id).toMatch(/[.?"!]$/)
    }
  })
})

describe('remedies of the network', () => {
  test.each(troubles.filter(({ remedy }) => remedy !== undefined))(
    '$id: where nothing answers, nothing is said to be done',
    async ({ remedy }) => {
      const why = await remedy?.(aScene()).then(
        words => `it said: ${words}`,
        (error: unknown) => error,
      )
      expect(why).toBeInstanceOf(Error)
      expect(explainFailure(why).message).not.toBe('')
    },
  )

  test('start what is off, and leave alone what is well', async () => {
    const asked: string[] = []
    const remedyOf = (id: string) => troubles.find(each => each.id === id)?.remedy
    const scene = (programs: Programs) =>
      aScene({}, {}, { attempt: answering(programs, asked), services: [aService({ name: 'sonarr' })] })
    expect(await remedyOf('plex-stopped')?.(scene({ 'systemctl start': '' }))).toContain('Plex was started')
    expect(
      await remedyOf('service-unhealthy')?.(scene({ 'docker ps': 'sonarr\nsomebody-elses\n', 'docker restart': '' })),
    ).toBe('Started anew: sonarr.')
    expect(asked).toEqual([
      'systemctl start plexmediaserver.service',
      'docker ps --filter health=unhealthy --format {{.Names}}',
      'docker restart sonarr',
    ])
  })
})

describe('checks of the network', () => {
  test('have names of their own, and titles that fit', () => {
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
    for (const { id, title, how, seconds } of checks) {
      expect(title.length, id).toBeLessThanOrEqual(34)
      expect(how, id).toMatch(/\.$/)
      expect(seconds, id).toBeLessThanOrEqual(45)
    }
  })
})
