import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import type { Answers } from '../answers/answers.ts'
import type { Secret } from '../answers/secret.ts'
import { ChangeFailure } from '../apply/failure.ts'
import type { Credentials } from '../credentials.ts'
import { makeStackKeys, parseStackKeys, type StackKeys, stackKeysPath, stackKeysToJson } from '../stack/keys.ts'
import { defineChange, type Site } from './change.ts'
import { filesAreThere, writeFiles } from './files.ts'
import { keepCredentials, readCredentials } from './kept-credentials.ts'

const Params = z.strictObject({ user: z.string() })
type Params = z.infer<typeof Params>

/** The keys and logins of this machine's services; null when there are none, or they cannot be read. */
export const readStackKeys = async (site: Pick<Site, 'path'>): Promise<StackKeys | null> =>
  parseStackKeys(await readFile(site.path(stackKeysPath), 'utf8').catch(() => ''))

// Logins are made for all that may come later; a person is told of those that open something on this machine.
const opens: Readonly<Record<keyof StackKeys['logins'], (answers: Answers) => boolean>> = {
  sonarr: () => true,
  radarr: () => true,
  prowlarr: () => true,
  bazarr: ({ services }) => services.includes('bazarr'),
  qbittorrent: ({ vpn }) => vpn !== null,
  domain: ({ domain }) => domain !== null,
}

const shown = ({ logins }: StackKeys, { answers }: Site): Credentials =>
  Object.fromEntries(
    Object.entries(logins)
      .filter(([service]) => opens[service as keyof typeof opens](answers))
      .map(([service, { user, password }]) => [service, { user, password: password.reveal() }]),
  )

async function areShown(keys: StackKeys, site: Site): Promise<boolean> {
  const kept = await readCredentials(site)
  return Object.entries(shown(keys, site)).every(
    ([service, { user, password }]) => kept[service]?.user === user && kept[service]?.password === password,
  )
}

const file = (keys: StackKeys) => ({ path: stackKeysPath, text: stackKeysToJson(keys), mode: 0o600 })

/** Keeps a password that a person has given to a service, in place of the one that was made up. */
export async function keepPassword(service: keyof StackKeys['logins'], password: Secret, site: Site): Promise<void> {
  const found = await readStackKeys(site)
  if (found === null)
    throw new ChangeFailure('The logins of this machine are missing or damaged.', 'Type "sudo mediaserver apply".')
  const keys = { ...found, logins: { ...found.logins, [service]: { ...found.logins[service], password } } }
  await writeFiles([file(keys)], site)
  await keepCredentials(shown(keys, site), site)
}

/** Makes up what opens the services, once: API keys among themselves, and a login of its own for each. */
export const stackKeys = defineChange<Params>({
  id: 'stack-keys',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    const keys = await readStackKeys(site)
    if (keys === null || Object.values(keys.logins).some(login => login.user !== params.user)) return null
    const done = (await filesAreThere([file(keys)], site)) && (await areShown(keys, site))
    return done ? `a login for each of ${Object.keys(shown(keys, site)).length} services` : null
  },
  async apply({ user }, site) {
    const found = await readStackKeys(site)
    const fresh = makeStackKeys(user)
    const logins = Object.fromEntries(
      Object.entries(fresh.logins).map(([service, login]) => {
        const old = found?.logins[service as keyof StackKeys['logins']]
        return [service, { user, password: old?.password ?? login.password }]
      }),
    ) as unknown as StackKeys['logins']
    const keys = { apiKeys: found?.apiKeys ?? fresh.apiKeys, logins }
    await writeFiles([file(keys)], site)
    await keepCredentials(shown(keys, site), site)
  },
})
