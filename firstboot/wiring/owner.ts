import type { Wires } from './link.ts'
import { Trouble } from './trouble.ts'

/** Whose Jellyseerr is: its first account is its owner. */
export type Owner =
  | { readonly whose: 'ours'; readonly initialized: boolean }
  | { readonly whose: 'nobody' }
  | { readonly whose: 'stranger'; readonly name: string }
  /** `answered`: Jellyseerr is there and was asked, and it is not known all the same. */
  | { readonly whose: 'unknown'; readonly why: string; readonly answered?: true }

/** What Jellyseerr tells of an account, as far as it is used. */
interface Account {
  readonly plexId?: number | null
  readonly plexUsername?: string | null
  readonly displayName?: string | null
}

/**
 * Asks Jellyseerr for its first account, for which the key acts, and compares with the Plex account of this machine. The key
 * is refused until there is one; also when somebody has changed it, but then Jellyseerr was set up before.
 */
export async function findOwner({ api, stack }: Pick<Wires, 'api' | 'stack'>): Promise<Owner> {
  try {
    const { initialized } = await api('jellyseerr').get<{ initialized: boolean }>('/api/v1/settings/public')
    const first = await firstAccount({ api })
    if (first === null)
      return initialized
        ? { whose: 'unknown', why: 'it refuses the key that was made for it', answered: true }
        : { whose: 'nobody' }
    if (stack.plexAccount === null)
      return {
        whose: 'unknown',
        why: stack.plexToken === null ? 'nobody has signed in to Plex' : 'plex.tv could not be asked for your account',
        answered: true,
      }
    if (first.plexId === stack.plexAccount) return { whose: 'ours', initialized }
    return { whose: 'stranger', name: nameOf(first) }
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    return { whose: 'unknown', why: error.message.replace(/\.$/, '') }
  }
}

// Whoever it is has chosen it, and it is written into settings of other programs.
const nameOf = ({ plexUsername, displayName }: Account): string =>
  (plexUsername || displayName || 'one without a name').replaceAll(/[^\p{L}\p{N}@._ -]/gu, '?').slice(0, 40)

/** The first account; null when there is none. Throws a passing `Trouble` when that cannot be asked. */
export async function firstAccount({ api }: Pick<Wires, 'api'>): Promise<Account | null> {
  try {
    return await api('jellyseerr').get<Account>('/api/v1/auth/me')
  } catch (error) {
    if (error instanceof Trouble && !error.passing) return null
    throw error
  }
}
