import { afterAll, beforeAll, describe } from 'vitest'
import { PATIENCE } from '../support/live-machine.ts'
import { Box } from '../vm/unattended/box.ts'
import { MISHAPS, MORE_MISHAPS, provesNoLeak, provesRestart, provesTunnel } from '../vm/unattended/leaks.ts'
import { provesFilms } from '../vm/unattended/system.ts'
import { provesServices, TITLES } from '../vm/unattended/services.ts'

describe('nothing leaves beside the tunnel, whatever happens to it', () => {
  const box = new Box()
  beforeAll(() => box.open(TITLES.map(({ release, content }) => ({ name: release, content }))), PATIENCE)
  afterAll(() => box.close(), PATIENCE)

  provesServices(box)
  provesTunnel(box, [...MISHAPS, ...MORE_MISHAPS])
  provesRestart(box)
  provesNoLeak(box)
  provesFilms(box)
})
