import { glob, stat } from 'node:fs/promises'
import { UserError } from '../../builder/shared/errors.ts'

/** The image under test: what MEDIASERVER_IMAGE names, else the newest Debian 13 image in `out`. Never nothing. */
export async function imageUnderTest(out = 'out', environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = environment['MEDIASERVER_IMAGE']
  const found = named === undefined || named === '' ? await newest(`${out}/*debian-13*.img`) : named
  const exists =
    found !== undefined &&
    (await stat(found).then(
      file => file.isFile(),
      () => false,
    ))
  if (found !== undefined && exists) return found
  throw new UserError(
    found === undefined
      ? `There is no image to test: ${out} holds no Debian 13 image.`
      : `There is no image to test: MEDIASERVER_IMAGE names ${found}, which is no file.`,
    'Build one with "npm run image -- --base debian-13 --sources standin", or name one with MEDIASERVER_IMAGE.',
  )
}

async function newest(pattern: string): Promise<string | undefined> {
  const dated: { path: string; time: number }[] = []
  for await (const path of glob(pattern)) dated.push({ path, time: (await stat(path)).mtimeMs })
  return dated.toSorted((a, b) => b.time - a.time)[0]?.path
}
