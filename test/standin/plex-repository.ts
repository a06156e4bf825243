import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../builder/shared/run.ts'
import { sha256 } from '../../builder/shared/hash.ts'

/**
 * Makes an apt repository as the one of Plex is laid out: suite `public`, component `main`. `sign` turns the text of the
 * index into a signed one; without it the repository is good for a source with `Trusted: yes` only.
 */
export async function makePlexRepository(
  folder: string,
  deb: string,
  sign?: (text: string) => Promise<string>,
): Promise<void> {
  const { stdout: control } = await run({ argv: ['dpkg-deb', '-f', deb] })
  const version = /^Version: (.+)$/m.exec(control)?.[1] ?? ''
  const pool = 'pool/main/p/plexmediaserver'
  const name = `plexmediaserver_${version}_amd64.deb`
  const bytes = await readFile(deb)
  await mkdir(join(folder, pool), { recursive: true })
  await copyFile(deb, join(folder, pool, name))
  const packages = `${control.trimEnd()}\nFilename: ${pool}/${name}\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\n`
  const suite = join(folder, 'dists/public')
  await mkdir(join(suite, 'main/binary-amd64'), { recursive: true })
  await writeFile(join(suite, 'main/binary-amd64/Packages'), packages)
  const release = [
    'Origin: Stand-in',
    'Label: Plex',
    'Suite: public',
    'Codename: public',
    'Date: Mon, 02 Nov 2026 00:00:00 UTC',
    'Architectures: amd64',
    'Components: main',
    'SHA256:',
    ` ${sha256(packages)} ${packages.length} main/binary-amd64/Packages`,
    '',
  ].join('\n')
  await writeFile(join(suite, 'Release'), release)
  if (sign !== undefined) await writeFile(join(suite, 'InRelease'), await sign(release))
}
