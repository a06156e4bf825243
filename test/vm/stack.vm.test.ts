import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidenceFolder, withEvidence } from '../../builder/qemu/evidence.ts'
import { Machine } from '../../builder/qemu/machine.ts'
import { Home } from '../support/home.ts'
import { installFromStick, waitForLogin } from '../support/installed.ts'
import { PATIENCE } from '../support/live-machine.ts'
import { changeSeconds, telling, toldEvents, waitUntilTold } from '../support/told.ts'

// From power-on to every service healthy and connected, on real hardware.
const STACK_SECONDS = 300

describe('a media server that nobody touched', () => {
  let home: Home
  let machine: Machine
  let serialLog = ''
  const name = 'stack'
  const as = async (command: string) => (await home.bench.login.as('anna', command, 'key', 600)).output

  beforeAll(async () => {
    home = await Home.open()
    const { bench, internet } = home
    const answers = `vpn:\n  token: ${internet.token}\n  country: Sweden\nservices: [bazarr, jellyseerr]\n`
    await bench.stick.put('mediaserver.yaml', bench.answers(answers))
    await installFromStick({ firmware: 'secure-boot', image: bench.stick.image, disks: bench.disks }, name)
    serialLog = join(await mkdtemp(join(tmpdir(), 'ms-told-')), 'serial.log')
    machine = await Machine.start({
      firmware: 'secure-boot',
      disks: bench.disks,
      memoryMiB: 4096,
      ...home.plugged,
      credentials: { ...home.plugged.credentials, ...telling },
      serialLog,
    })
    await withEvidence(machine, name, () => waitForLogin(machine, bench.login, 'anna'))
  }, PATIENCE)

  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
    await home?.[Symbol.asyncDispose]()
  }, PATIENCE)

  const proves = (what: string, body: () => Promise<void>) =>
    it(what, { timeout: PATIENCE }, () => withEvidence(machine, name, body))

  proves('brings every service up at its first start', async () => {
    try {
      await waitUntilTold(machine, serialLog, event => event.type === 'finished', STACK_SECONDS)
    } finally {
      const seconds = changeSeconds(await toldEvents(serialLog)).map(([id, took]) => `${id} ${took.toFixed(1)}`)
      console.log(`${name}: ${seconds.join(', ')}; ${machine.seconds().toFixed(0)} s after power-on`)
    }
    await machine.screendump(`${evidenceFolder(name)}/finished.png`)
    expect(await as('sudo docker ps --format "{{.Names}} {{.Status}}" | sort')).toBe('')
  })
})
