import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed } from '../finding.ts'
import type { Ended } from '../../run.ts'
import { unlessAsleep } from './asleep.ts'
import { onFilms } from './mounted.ts'
import { asContainers } from './owner.ts'

// Written through to the disk, forgotten by memory (see nocache in dd(1)), read back, and taken away again.
const TRY = [
  'set -e',
  'file=$(mktemp /data/media/.mediaserver-check-XXXXXXXX)',
  'trap \'rm -f -- "$file"\' EXIT',
  "trap 'exit 1' HUP INT TERM",
  'head -c 1048576 /dev/urandom | dd of="$file" bs=1M conv=fsync status=none iflag=fullblock',
  'wrote=$(sha256sum <"$file")',
  'dd of="$file" oflag=nocache conv=notrunc,fdatasync count=0 status=none',
  '[ "$wrote" = "$(sha256sum <"$file")" ]',
  'stat --format="wrote %s bytes" "$file"',
].join('\n')

/** What came of writing. Pure. */
export function judgeWriting({ code, stdout, stderr }: Ended): Finding {
  if (code === 0 && stdout.trim() === 'wrote 1048576 bytes')
    return passed('1 MiB was written to the disk in /data/media, read back the same, and taken away.')
  const why = stderr.split('\n').findLast(row => row.trim() !== '') ?? 'what was read is not what was written'
  if (/no space left|quota/i.test(why))
    return failed('films-full', 'Nothing can be written: the film disk is full.', [why])
  if (/read-only/i.test(why))
    return failed('films-read-only', 'Nothing can be written: the film disk is read-only.', [why])
  if (/permission denied|not permitted/i.test(why))
    return failed('films-wrong-owner', 'Nothing can be written: /data/media belongs to somebody else.', [why])
  if (/no such file/i.test(why)) return failed('films-no-folder', 'There is no folder /data/media.', [why])
  return failed('films-disk-errors', `Writing to the film disk did not work: ${why}`)
}

const look = async ({ attempt }: Scene): Promise<Finding> =>
  judgeWriting(await attempt(asContainers('sh', '-c', TRY), { quiet: true }))

export const writable: Check = {
  id: 'storage-writable',
  section: 'storage',
  title: 'Films can be written',
  how: 'Writes a small file to the film disk as the user that the services run as, reads it back, and takes it away. A disk that sleeps is woken once a day.',
  // A disk that sleeps needs ten seconds to spin up.
  seconds: 30,
  run: async (scene: Scene) =>
    await onFilms(scene.root, async () => await unlessAsleep('storage-writable', scene, async () => await look(scene))),
}
