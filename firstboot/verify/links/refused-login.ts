import { configFolder } from '../../stack/folders.ts'
import type { Login } from '../../stack/keys.ts'
import { fingerprint } from '../../wiring/memory.ts'
import type { Scene } from '../check.ts'

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

/** The mark of this machine's login as it is now. */
export const markOf = (login: Login, { root, answers }: Pick<Scene, 'root' | 'answers'>): string =>
  loginMark(login, root.text(`${configFolder(answers.user, 'qbittorrent')}/qBittorrent/qBittorrent.conf`))

/** Whether it was refused already: after five tries qBittorrent shuts everybody out who comes by this machine's address. */
export const wasRefused = (mark: string, { root }: Pick<Scene, 'root'>): boolean =>
  root.text(refusedLoginPath)?.trim() === mark

/** Keeps that it was refused. When that cannot be kept, it is tried again the next time. */
export async function keepRefused(mark: string, { attempt }: Pick<Scene, 'attempt'>): Promise<void> {
  const write = 'umask 077 && cat >"$1.new" && mv "$1.new" "$1"'
  await attempt(['sh', '-c', write, 'sh', refusedLoginPath], { input: `${mark}\n`, quiet: true })
}
