import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PlexRecipe } from '../recipe/plex.ts'
import { UserError } from '../shared/errors.ts'
import { CommandError, type Runner } from '../shared/run.ts'
import { fingerprintOf } from './pgp-key.ts'
import type { PlexLock } from './plex-lock.ts'

type Repository = PlexRecipe['repository']

/** Where the image has the key, and what apt in the image is told of the repository. */
export const plexKeyPath = '/usr/share/keyrings/mediaserver-plex.asc'
/** A name that the package does not use for a file of its own. */
export const plexSourcesPath = '/etc/apt/sources.list.d/mediaserver-plex.sources'

/**
 * The repository as apt reads it (deb822, see sources.list(5)). `signedBy` is the path of its key; without one the
 * repository is trusted as it is, which only a stand-in may be. Pure.
 */
export function plexSources({ uri, suite, components }: Repository, signedBy: string | undefined): string {
  return [
    '# Plex, from its maker.',
    'Types: deb',
    `URIs: ${uri}`,
    `Suites: ${suite}`,
    `Components: ${components.join(' ')}`,
    'Architectures: amd64',
    signedBy === undefined ? 'Trusted: yes' : `Signed-By: ${signedBy}`,
    '',
  ].join('\n')
}

/** Refuses every key but the one whose fingerprint the recipe has. Throws `UserError`. */
export function requirePlexKey(key: string, { fingerprint }: Pick<Repository, 'fingerprint'>, from: string): void {
  const found = fingerprintOf(key)
  if (found === fingerprint) return
  throw new UserError(
    `${from} is another key than the recipe names: its fingerprint is ${found}, and not ${fingerprint}.`,
    'Find out at Plex whether they changed it. If they did, write the new fingerprint into image/appliance.yaml.',
  )
}

/** Gives the text at an address. */
export type FetchText = (url: string, signal?: AbortSignal) => Promise<string>

/** Fetches a text; throws `UserError` that names the address. */
export const fetchText: FetchText = async (url, signal) => {
  const mend = 'Look at the network connection, and run the same command again.'
  const response = await fetch(url, {
    signal: AbortSignal.any([AbortSignal.timeout(30_000), ...(signal === undefined ? [] : [signal])]),
  }).catch((error: Error) => {
    throw new UserError(
      `${url} cannot be reached: ${error.cause instanceof Error ? error.cause.message : error.message}.`,
      mend,
    )
  })
  if (!response.ok) throw new UserError(`${url} answers with code ${response.status}.`, mend)
  return await response.text()
}

// apt-get(8) --print-uris: 'URI' file size Hash:value
const LINE = /^'(?<uri>[^']+)' (?<file>\S+) (?<size>\d+) SHA256:(?<sha256>[0-9a-f]{64})$/m

/**
 * Asks the repository of Plex for its newest package. The key is fetched and compared with the recipe's fingerprint; what
 * the repository says is believed only as far as apt finds it signed with that key.
 */
export async function resolvePlex(
  repository: Repository,
  run: Runner,
  signal?: AbortSignal,
  fetchKey: FetchText = fetchText,
): Promise<PlexLock> {
  const key = await fetchKey(repository.key, signal)
  requirePlexKey(key, repository, repository.key)
  const folder = await mkdtemp(join(tmpdir(), 'mediaserver-plex-'))
  try {
    const at = (path: string) => join(folder, path)
    for (const name of ['etc', 'state/lists/partial', 'cache/archives/partial'])
      await mkdir(at(name), { recursive: true })
    await writeFile(at('etc/key.asc'), key)
    await writeFile(at('etc/plex.sources'), plexSources(repository, at('etc/key.asc')))
    await writeFile(at('status'), '')
    // An apt of its own: neither the sources nor the keys of this machine play a part.
    const options = {
      'Dir::Etc': at('etc'),
      'Dir::Etc::sourcelist': at('etc/plex.sources'),
      'Dir::Etc::sourceparts': '/dev/null',
      'Dir::Etc::trusted': '/dev/null',
      'Dir::Etc::trustedparts': '/dev/null',
      'Dir::State': at('state'),
      'Dir::State::status': at('status'),
      'Dir::Cache': at('cache'),
      'APT::Architecture': 'amd64',
      'APT::Architectures': 'amd64',
      'APT::Sandbox::User': '',
      'Acquire::Languages': 'none',
      'Acquire::https::Timeout': '15',
      'Acquire::Retries': '1',
      'Acquire::ForceHash': 'SHA256',
    }
    const apt = async (...words: string[]) =>
      await run(
        {
          argv: [
            'apt-get',
            ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
            ...words,
          ],
        },
        signal === undefined ? {} : { signal },
      )
    // By default apt keeps to what it had before when a repository cannot be read, and calls that a success.
    await apt('-o', 'APT::Update::Error-Mode=any', 'update')
    const { stdout } = await apt('--print-uris', '-qq', 'download', 'plexmediaserver')
    return { key, package: parsePlexUri(stdout, repository.uri) }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    throw new UserError(
      `The repository of Plex at ${repository.uri} cannot be used: ${lastLine(error.stderr)}`,
      'Look at the network connection and try again. Without Plex in the image: install: first-boot in image/appliance.yaml.',
      { cause: error },
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const lastLine = (text: string): string => text.split('\n').find(line => /^[EW]:/.test(line)) ?? 'apt gave no reason.'

/** The package in the words of `apt-get --print-uris`, its path below the root of the repository. */
export function parsePlexUri(output: string, root: string): PlexLock['package'] {
  const groups = LINE.exec(output)?.groups
  const uri = decodeURIComponent(groups?.['uri'] ?? '')
  const base = root.endsWith('/') ? root : `${root}/`
  const [name, version, architecture] = decodeURIComponent(groups?.['file'] ?? '')
    .replace(/\.deb$/, '')
    .split('_')
  if (
    groups === undefined ||
    !uri.startsWith(base) ||
    name === undefined ||
    version === undefined ||
    architecture === undefined
  )
    throw new UserError(`apt-get said something of Plex that is not understood: ${output.trim()}`)
  return {
    name,
    version,
    architecture,
    path: uri.slice(base.length),
    size: Number(groups['size']),
    sha256: groups['sha256'] ?? '',
  }
}
