import { open } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidenceFolder, withEvidence } from '../../builder/qemu/evidence.ts'
import { waitForFirstScreen } from '../../builder/qemu/first-screen.ts'
import { Machine } from '../../builder/qemu/machine.ts'
import { PATIENCE } from '../support/live-machine.ts'
import { provesLiveSystem } from '../support/live-proofs.ts'
import { Workbench } from '../support/workbench.ts'

const MEBIBYTE = 1024 * 1024

describe('answers on the stick that cannot be used', () => {
  let bench: Workbench
  let machine: Machine
  const name = 'bad answers'

  const good = () => bench.answers('vpn: none\n')
  const typo = () => good().replace('hostname:', 'hostnme:')

  beforeAll(async () => {
    bench = await Workbench.open()
    await bench.stick.put('mediaserver.yaml', typo())
    machine = await Machine.start({
      firmware: 'secure-boot',
      image: bench.stick.image,
      keepStick: true,
      disks: bench.disks,
      network: 'none',
    })
    await withEvidence(machine, name, () => waitForFirstScreen(machine))
  }, PATIENCE)

  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
    await bench?.[Symbol.asyncDispose]()
  }, PATIENCE)

  const proves = (what: string, body: () => Promise<void>) =>
    it(what, { timeout: PATIENCE }, () => withEvidence(machine, name, body))

  // The set-up has it mounted read-only, and that is a matter of the file system and not of one mount.
  const inConfig = (command: string) =>
    machine.shell(
      `mkdir -p /run/c && mount /dev/disk/by-partlabel/config /run/c && mount -o remount,rw /run/c && { ${command}; }; ` +
        'r=$?; mount -o remount,ro /run/c; umount /run/c; exit $r',
    )

  /** What ERROR.txt says once the machine has looked at the answers. */
  async function errorText(): Promise<string> {
    // What it does before anybody answers runs by itself; once it has ended, everything is said.
    const ended = 'systemctl show --property=ExecMainExitTimestamp --value mediaserver-begin'
    await machine.shell(`until [ -n "$(${ended})" ]; do sleep 1; done`, 90)
    return (await inConfig('cat /run/c/ERROR.txt')).output
  }

  async function lookAgainAt(answers: string): Promise<string> {
    const encoded = Buffer.from(answers).toString('base64')
    await inConfig(`rm /run/c/ERROR.txt; echo ${encoded} | base64 -d > /run/c/mediaserver.yaml`)
    await machine.shell('systemctl start mediaserver-begin')
    return await errorText()
  }

  provesLiveSystem({
    machine: () => machine,
    firmware: 'UEFI, Secure Boot on',
    picture: `${evidenceFolder(name)}/first-screen.png`,
    proves,
  })

  proves('a slip in a key is told with its line, and what was meant', async () => {
    const words = await errorText()
    expect(words).toContain('Nothing was changed on any disk.')
    expect(words).toMatch(/mediaserver\.yaml, line 3 \("hostnme"\): unknown key; did you mean "hostname"\?/)
  })

  proves('a disk that is not there is told with the disks that are', async () => {
    const words = await lookAgainAt(good().replace('NV-4Q7K', 'NV-0000'))
    expect(words).toMatch(/line \d+: "serial": No disk with this serial number is there\. There are: .*NV-4Q7K/)
  })

  proves('a disk is not erased unless the answers say so', async () => {
    const words = await lookAgainAt(good().replace('    erase: true\n', ''))
    expect(words).toMatch(/serial NV-4Q7K\) would be erased\. If you want that, write "erase: true"/)
  })

  proves('a person can answer on the screen instead', async () => {
    machine.leaveShell()
    expect(await machine.waitForText(/Set up this machine/, 20)).toContain('NV-4Q7K')
  })

  proves('no disk was touched', async () => {
    await machine.shell('sync')
    await machine.crash()
    await using disk = await open(bench.disks[0]?.path ?? '')
    const { buffer } = await disk.read(Buffer.alloc(MEBIBYTE), 0, MEBIBYTE, 0)
    expect(buffer.equals(Buffer.alloc(MEBIBYTE))).toBe(true)
    expect(await bench.films.now()).toEqual(bench.films.before)
  })
})
