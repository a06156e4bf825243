import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidenceFolder, withEvidence } from '../../builder/qemu/evidence.ts'
import { waitForFirstScreen } from '../../builder/qemu/first-screen.ts'
import { Machine } from '../../builder/qemu/machine.ts'
import { waitForLogin } from '../support/installed.ts'
import { PATIENCE } from '../support/live-machine.ts'
import { provesLiveSystem } from '../support/live-proofs.ts'
import { Home } from '../support/home.ts'
import type { Workbench } from '../support/workbench.ts'

// On real hardware, from the consent to the last screen.
const INSTALL_SECONDS = 300

describe('a person answers on the console, without a network, on a machine with BIOS', () => {
  let home: Home
  let bench: Workbench
  let machine: Machine
  let console = ''
  const name = 'install console'

  const proves = (what: string, body: () => Promise<void>) =>
    it(what, { timeout: PATIENCE }, () => withEvidence(machine, name, body))
  /** Types, and waits for what shows that it was taken. */
  const enter = async (keys: string, until: RegExp, seconds = 10) => {
    machine.typeText(keys)
    return await machine.waitForText(until, seconds)
  }
  const picture = (what: string) => machine.screendump(`${evidenceFolder(name)}/${what}.png`)

  beforeAll(async () => {
    home = await Home.open()
    bench = home.bench
    machine = await Machine.start({
      firmware: 'bios',
      image: bench.stick.image,
      keepStick: true,
      disks: bench.disks,
      network: 'none',
    })
    await withEvidence(machine, name, () => waitForFirstScreen(machine))
  }, PATIENCE)

  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
    await home?.[Symbol.asyncDispose]()
  }, PATIENCE)

  provesLiveSystem({
    machine: () => machine,
    firmware: 'BIOS, no Secure Boot',
    picture: `${evidenceFolder(name)}/first-screen.png`,
    proves,
  })

  proves('ten questions lead to a summary; nothing is erased until the end of the serial is typed', async () => {
    await machine.waitForText(/HD-L3PG/, 60)
    await enter('\r', /1 of 10/, 20)
    await enter('\r\r', /Time zone +_/)
    await enter('berlin\r', /2 of 10/)
    await enter('\r\r', /3 of 10/, 30)
    await picture('system-disk')
    await enter(' ', /\(\*\)/)
    await enter('\r', /4 of 10/)
    // Looked into, without being changed.
    await machine.waitForText(/ext4 "media"/, 60)
    await enter('\r', /5 of 10/)
    await enter('\r', /> Your user/)
    await enter('\x15anna\r', /6 of 10/)
    await enter(`${bench.login.publicKey}\r`, /These may log in \(1 key/)
    await enter('\r\r', /7 of 10/)
    await enter('\r', /> Token/)
    await enter(home.internet.token, /64 characters/)
    await enter('\r', /> Country/, 30)
    await enter('\r', /8 of 10/)
    await enter('\r', /9 of 10/)
    await enter('\r', /10 of 10/)
    await enter('\r', /> This is right: go on/)
    const agree = await enter('\r', /\[ERASE\]/)
    expect(agree).toMatch(/\[KEEP\]/)
    await enter('\r\r', /Enter alone erases nothing/)
    await enter('L3PG\r', /Almost|not/)
    expect((await machine.waitForText(/\[ERASE\]/, 5)).includes('Installing')).toBe(false)
  })

  proves(
    'it installs, shows how far it is on every console, and ends on a screen that says what was proven',
    async () => {
      await enter('\x154Q7K\r', /Installing|Starting to set/, 20)
      await machine.waitForText(/If the power fails now/, 30)
      await enter('l', /L back|Log/)
      await enter('l', /If the power fails now/)
      await machine.waitForText(/Copy the system/, 60)
      await picture('working')
      const end = await machine.waitForText(/Finished/, INSTALL_SECONDS)
      expect(end).toMatch(/pass +Copy the system/)
      await picture('finished')
      const shown = await enter('p', /[a-z0-9]{4}(-[a-z0-9]{4}){3}/)
      console = /[a-z0-9]{4}(?:-[a-z0-9]{4}){3}/.exec(shown)?.[0] ?? ''
      await enter('\r', /Shown once/)
      expect(machine.consoleLog()).not.toContain(home.internet.token)
    },
  )

  proves('the machine switches itself off from the last screen', async () => {
    machine.press('f10')
    await machine.waitForText(/Power off/, 10)
    machine.press('down')
    machine.press('down')
    machine.press('enter')
    await machine.waitForShutdown(60)
    expect(await bench.stick.get('RESULT.txt')).toContain('The set-up finished')
    await machine[Symbol.asyncDispose]()
  })

  it('the stick out, it starts by itself, goes on, and lets in who has the key', { timeout: PATIENCE }, async () => {
    machine = await Machine.start({ firmware: 'bios', disks: bench.disks, memoryMiB: 4096, ...home.plugged })
    await withEvidence(machine, name, async () => {
      await waitForLogin(machine, bench.login, 'anna')
      await machine.waitForText(/Setting up[\s\S]*Connect the services/, 60)
      await picture('setting-up')
      expect((await bench.login.as('anna', 'sudo mediaserver credentials')).output).toContain(console)
      const where = await bench.login.as('anna', 'findmnt -no SOURCE /; ls /sys/firmware/efi 2>&1')
      expect(where.output).toMatch(/nvme0n1p3[\s\S]*No such file/)
      const refused = await bench.login.as('anna', 'true', 'password')
      expect(refused.error).toMatch(/Permission denied \(publickey\)/)
    })
  })

  proves('the films are what they were, to the byte', async () => {
    // What is left of the set-up would keep it from going off, and goes on at its next start.
    await bench.login.as('anna', 'sudo systemctl stop mediaserver-apply; sudo systemctl poweroff')
    await machine.waitForShutdown(120)
    expect(await bench.films.now()).toEqual(bench.films.before)
  })
})
