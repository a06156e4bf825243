// Commits an entry of many files over and over until it is killed; says when the first one begins.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Store } from '../../../builder/execute/store.ts'
import { run } from '../../../builder/shared/run.ts'

const store = new Store(process.argv[2] ?? '', run)
await store.cleanStaging()
for (let turn = 0; ; turn++) {
  const key = String(turn)
  const out = await store.stage(key)
  for (let file = 0; file < 20; file++) await writeFile(join(out, `file${file}`), `${turn} `.repeat(5000))
  if (turn === 0) process.stdout.write('begin\n')
  await store.commit(key)
}
