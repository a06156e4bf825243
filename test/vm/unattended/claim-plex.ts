import { expect } from 'vitest'
import type { Box } from './box.ts'

/** Takes the Plex of a machine over as a person does: with a code that is typed at plex.tv/link. */
export async function claimPlex(box: Box): Promise<void> {
  await box.as('sudo sh -c "mediaserver plex claim >/tmp/claim.txt 2>&1 &"')
  let code = ''
  await box.until('a code for plex.tv/link', 30, async () => {
    code = /^\s+([A-Z0-9]{4})$/m.exec(await box.as('cat /tmp/claim.txt'))?.[1] ?? ''
    return code !== ''
  })
  expect(await box.home.internet.linkPlex(code)).toBe(true)
  await box.until('Plex is claimed', 60, async () => /^Done: Plex is /m.test(await box.as('cat /tmp/claim.txt')))
}
