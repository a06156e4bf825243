import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { configFolder } from '../../../firstboot/config-partition/partition.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { readStick } from '../../../firstboot/stick.ts'
import { layOut } from './recorded.ts'

const template = join(import.meta.dirname, '../../../overlays/config/mediaserver.yaml')

async function stickWith(put: (file: string) => Promise<void>) {
  const prefix = layOut('one-ssd')
  await mkdir(join(prefix, configFolder), { recursive: true })
  await put(join(prefix, configFolder, 'mediaserver.yaml'))
  return await readStick(openRoot(prefix))
}

describe('the answers on the stick', () => {
  test('the template that comes with it is not offered', async () => {
    expect((await stickWith(file => copyFile(template, file))).file).toBeNull()
  })
  test('one answer is enough to be offered', async () => {
    const { file } = await stickWith(path => writeFile(path, 'hostname: cinema\n'))
    expect(file).toMatchObject({ draft: { answers: { hostname: 'cinema' } } })
  })
  test('a slip is told', async () => {
    const { file } = await stickWith(path => writeFile(path, 'hostnme: cinema\n'))
    expect(file).toEqual({ problems: [expect.stringContaining('did you mean "hostname"?')] })
  })
})
