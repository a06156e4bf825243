import { plexKeyPath, plexSourcesPath } from '../archive/plex-repository.ts'
import type { PlexInstall } from '../recipe/plex.ts'

/** Number of the user `plex` and of its group: files on the state partition outlive the system that made them. */
export const PLEX_ID = 801

/** What the commands of the root file system need to know of Plex. */
export interface PlexInRoot {
  readonly install: PlexInstall
  /** Whether the repository has a key; a stand-in's has none. */
  readonly signed: boolean
  /** Whether apt in the image is told of the repository: a stand-in that is baked in has none. */
  readonly repository: boolean
}

/** Parts of the one mmdebstrap call. `archive` and the two files are those of the step `plex`. */
export interface PlexParts {
  /** Shell lines before the packages; `$1` is the root. */
  readonly before: readonly string[]
  readonly packages: readonly string[]
  /** Lines of a sources.list. */
  readonly archives: readonly string[]
  /** Lines after the packages, as mmdebstrap's hooks take them. */
  readonly after: readonly string[]
}

const UNIT = '/usr/lib/systemd/system/plexmediaserver.service'

/**
 * How Plex gets into the root file system. Its maintainer scripts make the user and the unit only where systemd runs (they
 * look at /proc/1/comm) and look for a graphics device: in a build there is neither, and nothing is said. So the user is
 * there before the package, with a number of our choice, the unit is taken from where the package keeps it, and all of it
 * is looked at again. Pure.
 */
export function plexParts(
  { install, signed, repository }: PlexInRoot,
  paths: { readonly archive: string; readonly sources: string; readonly key: string },
): PlexParts {
  const account = [
    `grep -q '^plex:' "$1/etc/group" || echo 'plex:x:${PLEX_ID}:' >> "$1/etc/group"`,
    `grep -q '^plex:' "$1/etc/passwd" || echo 'plex:x:${PLEX_ID}:${PLEX_ID}:Plex Media Server:/var/lib/plexmediaserver:/usr/sbin/nologin' >> "$1/etc/passwd"`,
    `if [ -e "$1/etc/shadow" ] && ! grep -q '^plex:' "$1/etc/shadow"; then echo 'plex:!:1::::::' >> "$1/etc/shadow"; fi`,
  ]
  const wanted = [
    // udev gives cards and render nodes to these groups; a machine where they are others is seen to at every start.
    'chroot "$1" usermod --append --groups render,video plex',
    `grep -q '^plex:[^:]*:${PLEX_ID}:${PLEX_ID}:' "$1/etc/passwd" || { echo "E: the user plex has another number than ${PLEX_ID}" >&2; exit 1; }`,
    `install -d -m 755 -o ${PLEX_ID} -g ${PLEX_ID} "$1/var/lib/plexmediaserver"`,
  ]
  const baked = [
    '[ -x "$1/usr/lib/plexmediaserver/Plex Media Server" ] || { echo "E: plexmediaserver has no program" >&2; exit 1; }',
    // Its postinst leaves a commented source of its own; there shall be one, and it is ours.
    'rm -f "$1"/etc/apt/sources.list.d/plexmediaserver.*',
    `[ -e "$1${UNIT}" ] || [ -e "$1/lib/systemd/system/plexmediaserver.service" ] || install -m 644 "$1/usr/lib/plexmediaserver/lib/plexmediaserver.service" "$1${UNIT}"`,
    // It starts for the first time when the set-up has prepared it.
    'chroot "$1" systemctl disable plexmediaserver.service',
  ]
  const source = [
    `upload ${paths.sources} ${plexSourcesPath}`,
    `chmod 644 "$1${plexSourcesPath}"`,
    ...(signed ? [`upload ${paths.key} ${plexKeyPath}`, `chmod 644 "$1${plexKeyPath}"`] : []),
  ]
  return {
    before: account,
    packages: install === 'baked' ? ['plexmediaserver'] : [],
    archives: install === 'baked' ? [`deb [trusted=yes] copy:${paths.archive} ./`] : [],
    after: [...wanted, ...(install === 'baked' ? baked : []), ...(repository ? source : [])],
  }
}
