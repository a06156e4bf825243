import { describe, expect, test } from 'vitest'
import { judgeLinks } from '../../../../firstboot/verify/links/judge-links.ts'
import { links } from '../../../../firstboot/verify/links/links.ts'
import { judgeAccount } from '../../../../firstboot/verify/links/plex-account.ts'
import { allLinks } from '../../../../firstboot/wiring/links/all.ts'
import { placesOf } from '../../../../firstboot/wiring/services.ts'
import { Trouble } from '../../../../firstboot/wiring/trouble.ts'
import type { Found } from '../../../../firstboot/wiring/wire.ts'
import { aService } from '../../stack/a-service.ts'
import { aScene } from '../a-scene.ts'

const [first, second, third] = allLinks.map(link => ({ link }))
if (first === undefined || second === undefined || third === undefined) throw new Error('There are no links.')
const right: Found = { ...first, state: 'right' }
const refused = (mend: string, passing = false): Found => ({
  ...third,
  state: 'refused',
  trouble: new Trouble(
    'Sonarr refuses the key that was made for it (code 401 to GET /api/v3/config/host).',
    passing,
    mend,
  ),
})

describe('connections', () => {
  test('are right, and what a person has changed is no fault', () => {
    expect(judgeLinks([right], placesOf)).toMatchObject({ verdict: 'pass', words: 'All 1 connections are right.' })
    expect(judgeLinks([right, { ...second, state: 'theirs' }], placesOf)).toMatchObject({
      verdict: 'pass',
      words: 'All 2 connections are right; 1 as you have changed them.',
    })
    expect(judgeLinks([], placesOf)).toMatchObject({ verdict: 'none' })
  })

  test('are not: a refused key is named before what it leads to', () => {
    const finding = judgeLinks([{ ...first, state: 'wrong' }, right, refused('Set it back.')], placesOf)
    expect(finding).toMatchObject({ verdict: 'fail', trouble: 'link-refused' })
    expect(finding.words).toBe(
      'Sonarr refuses the key that was made for it (code 401 to GET /api/v3/config/host). 2 of 3 connections are not well.',
    )
    expect(finding.detail?.[2]).toContain('Set it back.')
  })

  test('are not: a trouble that has a way out of its own leads there', () => {
    const words = 'Jellyseerr belongs to another Plex account (eve) than this machine.'
    const trouble = new Trouble(words, false, 'See the doctor.', 'domain-requests-stranger')
    const finding = judgeLinks([right, { ...first, state: 'wrong' }, { ...third, state: 'refused', trouble }], placesOf)
    expect(finding).toMatchObject({ verdict: 'fail', trouble: 'domain-requests-stranger' })
    expect(finding.words).toContain(words)
  })

  test.each<[string, Found, string, RegExp]>([
    [
      'a program is not up',
      { ...first, state: 'absent', program: 'radarr', why: 'nobody is there' },
      'link-program-absent',
      /^Radarr is not up: nobody is there\.$/,
    ],
    ['one is gone', { ...first, state: 'wrong' }, 'link-wrong', /is not as it was set up/],
    ['one is not accepted', refused(''), 'link-wrong', /refuses/],
    ['one cannot be asked right now', refused('Wait.', true), 'link-wrong', /refuses/],
  ])('are not: %s', (_what, found, trouble, words) => {
    const finding = judgeLinks([right, found], placesOf)
    expect(finding).toMatchObject({ verdict: 'fail', trouble })
    expect(finding.words).toMatch(words)
  })

  test('are not proven where qBittorrent has another password, which is no fault', () => {
    const locked: Found = { ...second, state: 'locked', banned: false }
    expect(judgeLinks([right, locked], placesOf)).toMatchObject({
      verdict: 'warn',
      trouble: 'link-login',
      words:
        'qBittorrent refuses the password that this machine knows; it is not tried again until another one is told, here or there.',
    })
    expect(judgeLinks([{ ...locked, banned: true }], placesOf).words).toContain('for an hour')
    // What is broken besides counts more.
    expect(judgeLinks([locked, { ...first, state: 'wrong' }], placesOf)).toMatchObject({ trouble: 'link-wrong' })
  })

  test('are not proven where a program is held back on purpose, which is said with its way out', () => {
    const held = 'qBittorrent was stopped for safety at 2026-11-25 12:00 UTC, because of a reason.'
    const finding = judgeLinks([right], placesOf, [held])
    expect(finding).toMatchObject({ verdict: 'warn', trouble: 'service-held', words: held })
    expect(finding.detail?.at(-1)).toBe(held)
    expect(judgeLinks([], placesOf, [held])).toMatchObject({ verdict: 'warn', trouble: 'service-held' })
    // What is broken besides counts more.
    const wrong = judgeLinks([{ ...first, state: 'wrong' }], placesOf, [held])
    expect(wrong).toMatchObject({ verdict: 'fail', trouble: 'link-wrong' })
    expect(wrong.detail).toContain(held)
  })

  test('are not looked at without keys', async () => {
    const finding = await links.run(aScene({}, {}, { services: [aService()] }))
    expect(finding).toMatchObject({ verdict: 'fail', trouble: 'link-no-keys' })
    expect(await links.run(aScene())).toMatchObject({ verdict: 'none' })
  })
})

test('nobody has signed in to Plex', () => {
  expect(judgeAccount(true, true)).toMatchObject({ verdict: 'pass' })
  expect(judgeAccount(false, true).words).toContain('Jellyseerr')
  expect(judgeAccount(false, false)).toMatchObject({ verdict: 'warn', trouble: 'link-no-account' })
})
