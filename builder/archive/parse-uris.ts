import { UserError } from '../shared/errors.ts'
import type { LockedPackage } from './lock.ts'

// apt-get(8) --print-uris: 'URI' file size Hash:value — the file name is name_version_arch.deb with escaped colons.
const LINE = /^'(?<uri>[^']+)' (?<file>\S+) (?<size>\d+) SHA256:(?<sha256>[0-9a-f]{64})$/

/** Reads the lines of `apt-get --print-uris`; throws `UserError` for a line of another form. */
export function parseUris(output: string): LockedPackage[] {
  return output
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const groups = LINE.exec(line)?.groups
      const parts = decodeURIComponent(groups?.['file'] ?? '')
        .replace(/\.deb$/, '')
        .split('_')
      const [name, version, architecture] = parts
      // Unescaped, since whoever downloads escapes it: "%2b" would become "%252b", which most mirrors do not have.
      const path = /\/(pool\/.*)$/.exec(decodeURIComponent(groups?.['uri'] ?? ''))?.[1]
      if (
        groups === undefined ||
        path === undefined ||
        name === undefined ||
        version === undefined ||
        architecture === undefined
      ) {
        throw new UserError(`apt-get said something that is not understood: ${line}`)
      }
      return { name, version, architecture, path, size: Number(groups['size']), sha256: groups['sha256'] ?? '' }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The package names that apt could not find, in its own words (LC_ALL=C). */
export function missingPackages(stderr: string): string[] {
  const found = stderr.matchAll(
    /^E: (?:Unable to locate package (?<missing>\S+)|Package '(?<none>[^']+)' has no installation candidate)$/gm,
  )
  return [...new Set([...found].map(match => match.groups?.['missing'] ?? match.groups?.['none'] ?? ''))].sort()
}

/** The archive roots of a `sources.list`, each once, in order. */
export function archiveRoots(sourcesList: string): string[] {
  const roots = sourcesList
    .split('\n')
    .map(line => /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/.exec(line)?.[1]?.replace(/\/$/, ''))
  return [...new Set(roots.filter(root => root !== undefined))]
}
