import { configFolder } from '../stack/folders.ts'
import type { Owner } from '../wiring/owner.ts'

/** The file beside the Caddyfile that says where the domain itself leads. It is ours, and the Caddyfile imports it. */
export const DOOR_FILE = 'jellyseerr.caddy'

/** Where it lies. Pure. */
export const doorPath = (user: string): string => `${configFolder(user, 'caddy')}/${DOOR_FILE}`

/** Whether the internet may open Jellyseerr, and in a sentence why not. */
export type Door = { readonly open: true } | { readonly open: false; readonly why: string }

/** What visitors read meanwhile; in Caddy's settings, this is how it is known that they are in force. */
export const CLOSED_WORDS = 'This page is being set up. Please come back later.'

const NOTE = '# Written by the media server, which opens and closes this by itself: it is not to be changed.'
const CLOSED = '# Closed: '

/** What a machine begins with. */
export const firstDoor: Door = { open: false, why: 'The services are being set up.' }

/** What the file holds. Pure. */
export const renderDoor = (door: Door): string =>
  door.open
    ? `${NOTE}\nreverse_proxy jellyseerr:5055\n`
    : `${NOTE}\n${CLOSED}${door.why.replaceAll(/\s+/g, ' ')}\nrespond "${CLOSED_WORDS}" 503\n`

/** Why the door is closed, by the text of its file; null when it is open, or there is none. Pure. */
export const closedBecause = (text: string | null): string | null =>
  text
    ?.split('\n')
    .find(line => line.startsWith(CLOSED))
    ?.slice(CLOSED.length) ?? null

/** Whether a Caddyfile leaves the door to us; else its owner has decided otherwise. Pure. */
export const leavesDoorToUs = (caddyfile: string): boolean =>
  caddyfile.split('\n').some(line => line.trim() === `import ${DOOR_FILE}`)

/** Whether settings that Caddy has in force, as JSON, keep the door closed. Pure. */
export const isClosedIn = (settings: string): boolean => settings.includes(CLOSED_WORDS)

/**
 * Decides about the door. Whoever signs in to Jellyseerr first owns it, so it opens only when it is proven that this was the
 * Plex account of this machine. Pure.
 */
export function decideDoor(owner: Owner, signedIn: boolean): Door {
  switch (owner.whose) {
    case 'ours':
      return owner.initialized
        ? { open: true }
        : { open: false, why: 'Jellyseerr is not set up yet. Type "sudo mediaserver apply".' }
    case 'nobody':
      return { open: false, why: signedIn ? OWNERLESS : NOBODY_SIGNED_IN }
    case 'stranger':
      return { open: false, why: strangerWords(owner.name) }
    case 'unknown':
      return { open: false, why: `It is not known whose Jellyseerr is: ${owner.why}. Type "sudo mediaserver apply".` }
  }
}

const OWNERLESS = 'Jellyseerr has no owner yet. Type "sudo mediaserver apply".'
const NOBODY_SIGNED_IN =
  'Jellyseerr has no owner: whoever signs in first would be it, so sign in to Plex with "sudo mediaserver plex claim", then type "sudo mediaserver apply".'

/** Jellyseerr belongs to somebody else. Pure. */
const strangerWords = (name: string): string =>
  `Jellyseerr belongs to another Plex account (${name}) than this machine. See "sudo mediaserver doctor domain-requests-stranger".`
