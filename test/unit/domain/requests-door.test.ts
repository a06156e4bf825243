import { describe, expect, test } from 'vitest'
import {
  closedBecause,
  decideDoor,
  type Door,
  isClosedIn,
  leavesDoorToUs,
  renderDoor,
} from '../../../firstboot/domain/requests-door.ts'
import { renderCaddyfile } from '../../../firstboot/domain/caddyfile.ts'
import type { Owner } from '../../../firstboot/wiring/owner.ts'

const closed: Door = { open: false, why: 'Nobody\nhas signed in.' }

describe('the door of Jellyseerr to the internet', () => {
  test.each<[string, Owner, boolean, RegExp]>([
    ['nobody has signed in', { whose: 'nobody' }, false, /sudo mediaserver plex claim.*sudo mediaserver apply/],
    ['its owner is to come', { whose: 'nobody' }, true, /no owner yet\. Type "sudo mediaserver apply"/],
    ['somebody was quicker', { whose: 'stranger', name: 'mallory' }, true, /another Plex account \(mallory\)/],
    ['it is not known whose it is', { whose: 'unknown', why: 'nobody is there' }, true, /: nobody is there\./],
    ['it is ours, and not set up', { whose: 'ours', initialized: false }, true, /not set up yet/],
  ])('is closed: %s', (_what, owner, signedIn, why) => {
    expect(decideDoor(owner, signedIn)).toEqual({ open: false, why: expect.stringMatching(why) })
  })

  test('opens when Jellyseerr is set up and belongs to the account of this machine', () => {
    expect(decideDoor({ whose: 'ours', initialized: true }, true)).toEqual({ open: true })
  })

  test('leads nowhere while it is closed, and says why to who looks into its file', () => {
    expect(renderDoor(closed)).not.toContain('reverse_proxy')
    expect(closedBecause(renderDoor(closed))).toBe('Nobody has signed in.')
    expect(closedBecause(renderDoor({ open: true }))).toBeNull()
    expect(closedBecause(null)).toBeNull()
    expect(renderDoor({ open: true })).toContain('reverse_proxy jellyseerr:5055')
  })

  test('is known in the settings that are in force', () => {
    expect(isClosedIn(JSON.stringify({ body: renderDoor(closed) }))).toBe(true)
    expect(isClosedIn(JSON.stringify({ body: renderDoor({ open: true }) }))).toBe(false)
  })

  test('is left to us by our own Caddyfile, and not by one that leads elsewhere', () => {
    const wishes = { domain: { name: 'a.example.org', email: 'a@example.org' }, login: { user: 'anna', hash: 'x' } }
    expect(leavesDoorToUs(renderCaddyfile({ ...wishes, requests: true }))).toBe(true)
    expect(leavesDoorToUs(renderCaddyfile({ ...wishes, requests: false }))).toBe(false)
    expect(leavesDoorToUs('a.example.org {\n\treverse_proxy jellyseerr:5055\n}\n')).toBe(false)
  })
})
