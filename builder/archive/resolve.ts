import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandError, type Runner } from '../shared/run.ts'
import { UserError } from '../shared/errors.ts'
import { type BaseLock, type PackageRequest, requestDigest } from './lock.ts'
import { missingPackages, parseUris } from './parse-uris.ts'

/** What is asked, and where: `mirror` (lines of a sources.list) and `keyring` only when they are not mmdebstrap's own choice. */
export interface ResolveOptions {
  readonly title: string
  readonly request: PackageRequest
  readonly mirror?: readonly string[]
  /** The file with the keys that sign the archive. */
  readonly keyring?: string
  readonly mode: 'root' | 'unshare'
}

/** The names that the archive lacks; the caller knows which recipe line asked for each. */
export class MissingPackages extends UserError {
  override readonly name = 'MissingPackages'
  readonly missing: readonly string[]

  constructor(title: string, missing: readonly string[]) {
    super(
      `${title} has no package named ${missing.join(', ')}.`,
      'Correct the name, or limit it to other bases with "only".',
    )
    this.missing = missing
  }
}

const UNREACHABLE =
  /Could not resolve|Unable to connect|Could not connect|Failed to fetch|Connection (?:timed out|refused)|Temporary failure|does not have a Release file|404 +Not Found|Unauthorized|403 +Forbidden/

/** Whether a failure of mmdebstrap means that the archive did not answer. */
export function isUnreachable(stderr: string): boolean {
  return UNREACHABLE.test(stderr)
}

/** Whether a failure of mmdebstrap means that the archive's index is too old to be believed. */
export function isExpired(stderr: string): boolean {
  return /Release file for \S+ is expired/.test(stderr)
}

/** mmdebstrap with what is the same for every use: quiet, impatient, and its own choice of mirror and keys. */
export function mmdebstrapArguments(options: ResolveOptions, more: readonly string[]): [string, ...string[]] {
  const { suite, components } = options.request
  return [
    'mmdebstrap',
    `--mode=${options.mode}`,
    `--components=${components.join(' ')}`,
    '--aptopt=Acquire::http::Timeout "6"',
    '--aptopt=Acquire::https::Timeout "6"',
    '--aptopt=Acquire::Retries "1"',
    ...(options.keyring === undefined ? [] : [`--keyring=${options.keyring}`]),
    ...more,
    suite,
    '/dev/null',
    ...(options.mirror ?? []),
  ]
}

/**
 * Asks the archive which package files a request comes to, with their hashes; downloads only the indexes.
 * mmdebstrap sets up apt for the suite, and apt answers, so that mirrors, keys and pins are the same as in the build.
 * Throws `MissingPackages`, or `UserError` when the archive cannot be reached.
 */
export async function resolvePackages(
  options: ResolveOptions,
  run: Runner,
  epoch: number,
  signal?: AbortSignal,
): Promise<{ lock: BaseLock; sources: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaserver-resolve-'))
  // apt's words are parsed, so its language is fixed; "?essential" is what mmdebstrap itself starts from.
  const question = [
    'LC_ALL=C APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get --print-uris -qq -y',
    '-o APT::Install-Recommends=false -o Acquire::ForceHash=SHA256 install "?essential" apt',
    ...options.request.packages,
    '> "$1/uris"',
  ].join(' ')
  const argv = mmdebstrapArguments(options, [
    '--variant=custom',
    '--format=null',
    `--customize-hook=${question} || touch "$1/uris"`,
    `--customize-hook=download /uris ${folder}/uris`,
    `--customize-hook=download /etc/apt/sources.list ${folder}/sources.list`,
  ])
  try {
    const { stderr } = await run({ argv }, signal === undefined ? {} : { signal })
    const missing = missingPackages(stderr)
    if (missing.length > 0) throw new MissingPackages(options.title, missing)
    const packages = parseUris(await readFile(join(folder, 'uris'), 'utf8'))
    if (packages.length === 0)
      throw new UserError(
        `apt found no way to install the packages of ${options.title}:\n${stderr
          .split('\n')
          .filter(line => /^(E:| )/.test(line))
          .join('\n')}`,
      )
    return {
      lock: { epoch, request: requestDigest(options.request), packages },
      sources: await readFile(join(folder, 'sources.list'), 'utf8'),
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    if (isExpired(error.stderr))
      throw new UserError(
        `The archive of ${options.title} that is reached from here has not been renewed for too long: its index has expired.`,
        'Name a mirror that is up to date with --mirror URL. A snapshot stands still on purpose: --mirror "deb [check-valid-until=no] URL SUITE main ..."',
        { cause: error },
      )
    if (!isUnreachable(error.stderr)) throw error
    throw new UserError(
      `The archive of ${options.title} cannot be reached from here.`,
      'Look at the network connection, or name a mirror with --mirror URL. Bases that other archives serve: npm run image -- --base debian-13',
      { cause: error },
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The sources that mmdebstrap would write for a suite, without asking any archive. */
export async function defaultSources(options: ResolveOptions, run: Runner): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaserver-sources-'))
  const argv = mmdebstrapArguments(options, [
    '--variant=custom',
    '--format=null',
    '--skip=update',
    `--setup-hook=download /etc/apt/sources.list ${folder}/sources.list`,
  ])
  try {
    await run({ argv })
    return await readFile(join(folder, 'sources.list'), 'utf8')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
