import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { median } from '../../builder/bench/figures.ts'
import { withEvidence } from '../../builder/qemu/evidence.ts'
import type { Machine } from '../../builder/qemu/machine.ts'
import { renderNetplan } from '../../firstboot/changes/network.ts'
import { Secret } from '../../firstboot/answers/secret.ts'
import { slowness } from '../support/slowness.ts'
import { untilShown } from '../support/key-latency.ts'
import { bootLive, evidenceName, PATIENCE, picturePath } from '../support/live-machine.ts'
import { provesLiveSystem } from '../support/live-proofs.ts'

/** Under the other two firmwares, the machines of `bad-answers` and `console` prove the same before they are answered. */
describe('the image as it ships, from a USB stick, under UEFI', () => {
  let machine: Machine

  beforeAll(async () => {
    machine = await bootLive('uefi')
  }, PATIENCE)

  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
  }, PATIENCE)

  const proves = (name: string, body: () => Promise<void>) =>
    it(name, { timeout: PATIENCE }, () => withEvidence(machine, evidenceName('uefi'), body))

  provesLiveSystem({
    machine: () => machine,
    firmware: 'UEFI, Secure Boot off',
    picture: picturePath('uefi'),
    proves,
  })

  proves('answers a key before anybody wonders', async () => {
    const milliseconds: number[] = []
    for (let times = 0; times < 8; times++) {
      milliseconds.push(await untilShown(machine, 'f10', text => text.includes('Power off')))
      milliseconds.push(await untilShown(machine, 'escape', text => !text.includes('Power off')))
    }
    const longest = Math.max(...milliseconds)
    const times = slowness()
    console.log(
      `a key shows after ${median(milliseconds).toFixed(0)} ms, at most ${longest.toFixed(0)} ms; ` +
        `this computer is ${times.toFixed(1)} x as slow as an ordinary one`,
    )
    expect(median(milliseconds)).toBeLessThan((machine.accel === 'kvm' ? 100 : 300) * times)
  })

  proves('has a netplan that takes what the set-up writes', async () => {
    const outputOf = async (command: string) => (await machine.shell(command)).output
    const wifi = { name: 'Home: 5 GHz', country: 'DE' }
    const password = { ...wifi, password: new Secret('correct horse') }
    const fixed = { interface: 'enp1s0', address: '192.168.1.20/24', gateway: '192.168.1.1', dns: ['192.168.1.1'] }
    const text = renderNetplan({ network: { mode: 'static', ...fixed }, wifi }, password, ['wlan0', 'wlp2s0'])
    const put = 'install -D -m 600 /dev/stdin /tmp/n/etc/netplan/90.yaml'
    await outputOf(`echo ${Buffer.from(text).toString('base64')} | base64 -d | ${put}`)
    expect(await outputOf('netplan generate --root-dir /tmp/n; echo "ended with $?"')).toBe('ended with 0')
    expect(await outputOf('ls /tmp/n/run/netplan')).toContain('wpa-wlp2s0.conf')
    machine.leaveShell()
    await machine.waitForText(/F10/, 10)
  })

  proves('switches itself off from its power menu', async () => {
    machine.press('f10')
    await machine.waitForText(/Power off/, 10)
    machine.press('down')
    machine.press('down')
    await machine.waitForText(/[▶>] Power off/, 10)
    machine.press('enter')
    await machine.waitForShutdown(60)
  })
})
