import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withEvidence } from '../../builder/qemu/evidence.ts'
import { Machine } from '../../builder/qemu/machine.ts'
import { installFromStick, waitForLogin } from '../support/installed.ts'
import { PATIENCE } from '../support/live-machine.ts'
import { Workbench } from '../support/workbench.ts'

describe('a machine with BIOS and without a network', () => {
  let bench: Workbench
  let machine: Machine
  const name = 'install bios offline'

  beforeAll(async () => {
    bench = await Workbench.open()
    await bench.stick.put('mediaserver.yaml', bench.answers('vpn: none\n'))
    const offline = { firmware: 'bios', network: 'none', image: bench.stick.image, disks: bench.disks } as const
    await installFromStick(offline, name)
    const doors = [{ host: bench.login.port, guest: 22 }]
    machine = await Machine.start({ firmware: 'bios', disks: bench.disks, doors })
    await withEvidence(machine, name, () => waitForLogin(machine, bench.login, 'anna'))
  }, PATIENCE)

  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
    await bench?.[Symbol.asyncDispose]()
  }, PATIENCE)

  const proves = (what: string, body: () => Promise<void>) =>
    it(what, { timeout: PATIENCE }, () => withEvidence(machine, name, body))

  proves('is set up, and starts from its SSD', async () => {
    expect(await bench.stick.get('RESULT.txt')).toContain('The set-up finished on')
    expect((await bench.login.as('anna', 'findmnt -no SOURCE /; ls /sys/firmware/efi 2>&1')).output).toMatch(
      /nvme0n1p3[\s\S]*No such file/,
    )
  })

  proves('lets people in by key and not by password', async () => {
    const refused = await bench.login.as('anna', 'true', 'password')
    expect(refused.error).toMatch(/Permission denied \(publickey\)/)
  })

  proves('switched off, its film disk holds what it held', async () => {
    await bench.login.as('anna', 'sudo systemctl poweroff')
    await machine.waitForShutdown(120)
    expect(await bench.films.now()).toEqual(bench.films.before)
  })
})
