import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { folders } from '../../../firstboot/changes/folders.ts'
import { compareFilms, recordFilms } from '../../../firstboot/changes/films.ts'
import { renderFstab } from '../../../firstboot/changes/mounts.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../../unit/plan-setup/answers.ts'

// What happens to a kept film disk with the UUID argv[3] and the file system argv[4], while a system is set up below the
// folder argv[2] by the changes that follow. Says what came of each, and what is remembered of the disk.
const [folder = '', uuid = '', type = '', ...made] = process.argv.slice(2)
const site = folderSite(folder, someAnswers)
const mounted = { root: 'r', state: 's', esp: 'e', films: [{ uuid, type, mountpoint: '/data', keep: true }] }
await mkdir(`${folder}/etc`, { recursive: true })
await writeFile(`${folder}/etc/fstab`, renderFstab(mounted))

const told: Record<string, unknown> = {}
const kept = { kept: [{ uuid, type }] }
const steps = [
  [recordFilms, kept],
  [folders, { user: 'anna' }],
  [compareFilms, kept],
] as const
for (const [change, params] of steps.filter(([{ id }]) => made.includes(id))) {
  const parsed = change.parse(params)
  told[change.id] = await change
    .apply(parsed, site)
    .then(async () => await change.check(parsed, site))
    .catch((error: Error) => `failed: ${error.message}`)
}
const list = await readFile(`${folder}/var/lib/mediaserver/setup/films-${uuid}.json`, 'utf8').catch(() => '{}')
process.stdout.write(JSON.stringify({ ...told, remembered: Object.keys(JSON.parse(list)) }))
