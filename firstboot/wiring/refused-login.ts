import { join } from 'node:path'
import type { Answers } from '../answers/answers.ts'
import type { Site } from '../changes/change.ts'
import type { Root } from '../root.ts'
import { configFolder } from '../stack/folders.ts'
import type { Login } from '../stack/keys.ts'
import { fingerprint } from './memory.ts'

/** Where it is noted which login qBittorrent has refused; a fingerprint, from which no password can be told. */
export const refusedLoginPath = '/var/lib/mediaserver/refused-login'

/**
 * A name for a login together with what qBittorrent wants, by the text of its settings: it is another one as soon as the
 * password is changed on either side, and is worth a try then. Pure.
 */
export function loginMark({ user, password }: Login, settings: string | null): string {
  const wanted = [...(settings ?? '').matchAll(/^WebUI\\(?:Username|Password_PBKDF2)=.*$/gm)].map(([row]) => row.trim())
  return fingerprint([user, password, wanted])
}

/** What runs know of each other about the login of qBittorrent: five wrong tries shut everybody on this machine out. */
export interface LoginGuard {
  /** It was refused before, and is not tried. */
  readonly spared: boolean
  /** Keeps that it is wrong. */
  readonly refused: () => Promise<void>
  /** Keeps that it is right. */
  readonly accepted: () => Promise<void>
}

/** Knows of no other run, and keeps nothing. */
export const unguarded: LoginGuard = { spared: false, refused: async () => {}, accepted: async () => {} }

/** What a guard needs of a machine. */
interface GuardPorts {
  readonly root: Pick<Root, 'prefix' | 'text'>
  readonly answers: Pick<Answers, 'user'>
  readonly attempt: Site['attempt']
}

/** The guard of this machine's login as it is now. What cannot be kept is tried again the next time. */
export function guardLogin(login: Login, { root, answers, attempt }: GuardPorts): LoginGuard {
  const mark = loginMark(login, root.text(`${configFolder(answers.user, 'qbittorrent')}/qBittorrent/qBittorrent.conf`))
  const place = join('/', root.prefix, refusedLoginPath)
  const noted = root.text(refusedLoginPath)?.trim() ?? null
  const write = 'umask 077 && cat >"$1.new" && mv "$1.new" "$1"'
  return {
    spared: noted === mark,
    refused: async () => void (await attempt(['sh', '-c', write, 'sh', place], { input: `${mark}\n`, quiet: true })),
    accepted: async () => {
      if (noted !== null) await attempt(['rm', '--force', place], { quiet: true })
    },
  }
}
