import { it } from 'vitest'
import { withEvidence } from '../../../builder/qemu/evidence.ts'
import type { Machine } from '../../../builder/qemu/machine.ts'
import { chooseLastInMenu } from '../../support/boot-menu.ts'
import { imageUnderTest } from '../../support/image.ts'
import { startInstallation, waitForLogin } from '../../support/installed.ts'
import { PATIENCE } from '../../support/live-machine.ts'
import { SshLogin } from '../../support/ssh.ts'
import { Stick } from '../../support/stick.ts'
import { unattendedAnswers } from '../../support/workbench.ts'

const NAME = 'in place'

/** A machine whose only disk is the one that the image was written onto; opened before its tests, closed after. */
export class OnlyDisk {
  disk!: Stick
  machine!: Machine
  #login!: SshLogin

  /** Sets the machine up, and waits until somebody can log in. */
  async open(): Promise<void> {
    this.disk = await Stick.writeOnto(await imageUnderTest(), 64)
    this.#login = await SshLogin.make()
    await this.disk.put('mediaserver.yaml', unattendedAnswers(this.#login, [], 'vpn: none\n'))
    await this.#setUp()
  }

  /** Puts other answers onto the disk, which has to be at rest, and has them taken by the set-up in the menu. */
  async setUpAgain(hostname: string): Promise<void> {
    await this.machine[Symbol.asyncDispose]()
    const answers = unattendedAnswers(this.#login, [], 'vpn: none\n').replace(/^hostname: .*/m, `hostname: ${hostname}`)
    await this.disk.put('mediaserver.yaml', answers)
    await this.#setUp((machine, serialLog) => chooseLastInMenu(machine, serialLog, 'Set the media server up again'))
  }

  async #setUp(choose?: Parameters<typeof startInstallation>[2]): Promise<void> {
    const disks = [{ kind: 'nvme', serial: 'NV-4Q7K', path: this.disk.image }] as const
    const options = { firmware: 'uefi', disks, doors: [{ host: this.#login.port, guest: 22 }] } as const
    this.machine = (await startInstallation(options, NAME, choose)).machine
    // It starts anew by itself: there is no stick to pull out.
    await withEvidence(this.machine, NAME, () => waitForLogin(this.machine, this.#login, 'anna'))
  }

  async close(): Promise<void> {
    await this.machine?.[Symbol.asyncDispose]()
    await this.#login?.[Symbol.asyncDispose]()
    await this.disk?.[Symbol.asyncDispose]()
  }

  /** One test of this machine; what can be seen of it is kept when it fails. */
  proves(what: string, body: () => Promise<void>): void {
    it(what, { timeout: PATIENCE }, () => withEvidence(this.machine, NAME, body))
  }

  /** What a command says that somebody types who is logged in. */
  async as(command: string): Promise<string> {
    return (await this.#login.as('anna', command, 'key', 600)).output
  }
}
