import { appendFile, chmod, mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Store } from '../../../builder/execute/store.ts'
import { run } from '../../../builder/shared/run.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

const KEY = 'k'.repeat(64)

async function storeWithEntry(): Promise<{ store: Store; file: string }> {
  const store = new Store(await temporaryFolder(), run)
  await store.cleanStaging()
  const out = await store.stage(KEY)
  await mkdir(join(out, 'boot'))
  await writeFile(join(out, 'boot/kernel'), 'the kernel')
  await writeFile(join(out, 'disk.img'), 'x'.repeat(100_000))
  expect(await store.commit(KEY)).toBe(100_010)
  return { store, file: join(store.pathOf(KEY), 'disk.img') }
}

// Root may write files that are read-only for everybody.
async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file)
  bytes[5000]! ^= 1
  await rm(file)
  await writeFile(file, bytes)
}

test('what was staged becomes a sound entry of read-only files, and staging is empty', async () => {
  const { store, file } = await storeWithEntry()
  expect(await store.check(KEY)).toBe('sound')
  expect(await store.check(KEY, true)).toBe('sound')
  expect((await stat(file)).mode & 0o777).toBe(0o444)
  expect(await readdir(join(store.root, 'staging'))).toEqual([])
  expect([...(await store.keys())]).toEqual([KEY])
})

test('an entry that never was is absent', async () => {
  expect(await new Store(await temporaryFolder(), run).check(KEY)).toBe('absent')
})

test('a flipped bit is noticed although the size is the same', async () => {
  const { store, file } = await storeWithEntry()
  await flipBit(file)
  expect(await store.check(KEY)).toEqual({ damaged: 'disk.img' })
})

test('a cut file and a removed one are noticed', async () => {
  const { store, file } = await storeWithEntry()
  await chmod(file, 0o644)
  await truncate(file, 99_999)
  expect(await store.check(KEY)).toEqual({ damaged: 'disk.img' })
  await rm(join(store.pathOf(KEY), 'boot/kernel'))
  expect(await store.check(KEY)).toEqual({ damaged: 'boot/kernel' })
})

test.each(['', '{', '[]', '{"files":{"disk.img":{}}}'])('an entry whose list reads %j is damaged', async text => {
  const { store } = await storeWithEntry()
  await writeFile(join(store.pathOf(KEY), 'entry.json'), text)
  expect(await store.check(KEY)).toEqual({ damaged: 'entry.json' })
})

test('a file that was touched but has its bytes is sound, and is not read again next time', async () => {
  const { store, file } = await storeWithEntry()
  const list = join(store.pathOf(KEY), 'entry.json')
  const before = await readFile(list, 'utf8')
  await utimes(file, 1, 1)
  expect(await store.check(KEY)).toBe('sound')
  const after = await readFile(list, 'utf8')
  expect(after).not.toBe(before)
  expect(await store.check(KEY)).toBe('sound')
  expect(await readFile(list, 'utf8')).toBe(after)
})

test('damage that left size and times alone is found by the deep check', async () => {
  const { store, file } = await storeWithEntry()
  await flipBit(file)
  // A disk that decays tells nothing: the list is made to hold the stamps that the file has now.
  const list = join(store.pathOf(KEY), 'entry.json')
  const entry = JSON.parse(await readFile(list, 'utf8')) as { files: Record<string, object> }
  const { mtimeNs, ctimeNs } = await stat(file, { bigint: true })
  Object.assign(entry.files['disk.img'] ?? {}, { mtimeNs: String(mtimeNs), ctimeNs: String(ctimeNs) })
  await writeFile(list, JSON.stringify(entry))
  expect(await store.check(KEY)).toBe('sound')
  expect(await store.check(KEY, true)).toEqual({ damaged: 'disk.img' })
})

test('cleaning removes what interrupted builds left and keeps the entries', async () => {
  const { store } = await storeWithEntry()
  await writeFile(join(await store.stage('half'), 'part'), 'x')
  await mkdir(join(store.root, 'damaged/old'), { recursive: true })
  await store.cleanStaging()
  expect((await readdir(store.root)).sort()).toEqual(['entries', 'staging'])
  expect(await readdir(join(store.root, 'staging'))).toEqual([])
  expect(await store.check(KEY)).toBe('sound')
})

test('a folder is staged empty even when an earlier try left something', async () => {
  const { store } = await storeWithEntry()
  await writeFile(join(await store.stage('again'), 'old'), 'x')
  expect(await readdir(await store.stage('again'))).toEqual([])
})

test('a damaged entry can be taken out of the way', async () => {
  const { store } = await storeWithEntry()
  await store.quarantine(KEY)
  expect(await store.check(KEY)).toBe('absent')
})

test('steps that end at the same moment are all remembered', async () => {
  const store = new Store(await temporaryFolder(), run)
  await Promise.all(
    ['root', 'bundle', 'config', 'esp'].map(async id => await store.rememberParts('debian-13', id, { a: id })),
  )
  expect(await store.lastParts('debian-13')).toEqual({
    root: { a: 'root' },
    bundle: { a: 'bundle' },
    config: { a: 'config' },
    esp: { a: 'esp' },
  })
})

test('a damaged memory of the last build counts as none', async () => {
  const store = new Store(await temporaryFolder(), run)
  await store.rememberParts('debian-13', 'root', { a: 'b' })
  await appendFile(store.sidePath('last/debian-13.json'), '}')
  expect(await store.lastParts('debian-13')).toEqual({})
})
