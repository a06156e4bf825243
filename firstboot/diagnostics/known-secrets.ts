import { readFile } from 'node:fs/promises'
import type { Answers } from '../answers/answers.ts'
import { answersFromJson } from '../answers/json.ts'
import { Secret } from '../answers/secret.ts'
import { answersPath } from '../apply/places.ts'
import { readRequest, requestPath } from '../apply/request.ts'
import { readNotify } from '../notify/settings.ts'
import { readPlexState } from '../plex/state.ts'
import { credentialsPath, parseCredentials } from '../credentials.ts'
import { parseStackKeys, stackKeysPath } from '../stack/keys.ts'

const secretsOf = ({ vpn, wifi, domain, plexClaim }: Answers): Secret[] =>
  [vpn?.credential.value, wifi?.password, plexClaim, ...Object.values(domain?.credentials ?? {})].filter(
    secret => secret !== undefined && secret !== null,
  )

/** Every secret that this machine holds, by its value: the answers of this boot and of the system, its passwords and keys. */
export async function knownSecrets(): Promise<Secret[]> {
  const text = (path: string) => readFile(path, 'utf8').catch(() => null)
  const request = await readRequest(requestPath).catch(() => null)
  const stored = await text(answersPath)
  const made = parseCredentials((await text(credentialsPath)) ?? '') ?? {}
  const { token } = await readPlexState()
  const notify = await readNotify()
  const keys = parseStackKeys((await text(stackKeysPath)) ?? '')
  return [
    ...(token === undefined ? [] : [token]),
    ...(notify === null ? [] : [notify.url]),
    ...(request === null ? [] : secretsOf(request.answers)),
    ...(stored === null ? [] : secretsOf(answersFromJson(stored))),
    ...Object.values(made).map(({ password }) => new Secret(password)),
    ...(keys === null
      ? []
      : [...Object.values(keys.apiKeys), ...Object.values(keys.logins).map(each => each.password)]),
  ]
}
