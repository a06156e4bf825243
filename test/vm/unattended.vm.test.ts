import { afterAll, beforeAll, describe } from 'vitest'
import { PATIENCE } from '../support/live-machine.ts'
import { Box } from './unattended/box.ts'
import { provesConsole } from './unattended/console.ts'
import { MISHAPS, provesNoLeak, provesTunnel } from './unattended/leaks.ts'
import { provesServices, TITLES } from './unattended/services.ts'
import { provesItself } from './unattended/verification.ts'
import { provesFilmDisk, provesFilms, provesSystem } from './unattended/system.ts'

describe('answers on the stick set a machine up although the power fails, and nobody has to touch it', () => {
  const box = new Box()
  beforeAll(() => box.open(TITLES.map(({ release, content }) => ({ name: release, content }))), PATIENCE)
  afterAll(() => box.close(), PATIENCE)

  provesServices(box)
  provesConsole(box)
  provesSystem(box)
  provesItself(box)
  provesTunnel(box, MISHAPS)
  provesNoLeak(box)
  provesFilmDisk(box)
  provesFilms(box)
})
