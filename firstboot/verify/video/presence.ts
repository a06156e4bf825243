import { explainGraphics, nodeFault } from '../../probe/graphics.ts'
import type { Finding } from '../check.ts'
import { failed, nothing, passed, warned } from './sentence.ts'
import { type Chosen, hasGraphics, intelCards, pciIdOf, type VideoMachine } from './devices.ts'

const and = (words: readonly string[]): string => words.join(' and ')

/** Whether there are graphics that Quick Sync could run on. */
export function judgeCards(machine: VideoMachine): Finding {
  const { cards, virtual, processor } = machine
  const named = cards.map(card => ({ card, ...explainGraphics(card, machine.cmdline) }))
  const detail = named.map(
    ({ card, pciId, vendor, driver }) => `${card.address}: ${vendor} ${pciId}, driver ${driver ?? 'none'}`,
  )
  const intel = named.filter(({ card }) => intelCards(machine).includes(card))
  if (intel.length > 0) {
    const words = and(intel.map(({ card, pciId }) => `${pciId} at ${card.address}`))
    const others = named.length - intel.length
    return passed(
      `Intel graphics: ${words}${others === 0 ? '' : `; ${others} of another maker are left alone`}`,
      detail,
    )
  }
  if (virtual !== null)
    return warned(
      'video-virtual-machine',
      `This is a virtual machine (${virtual}) without Intel graphics, so the processor does all the work`,
      detail,
    )
  const real = named.filter(({ vendor }) => vendor === 'AMD' || vendor === 'NVIDIA')
  if (hasGraphics(processor) === true)
    return failed(
      'video-off-in-setup',
      `The processor (${processor}) has graphics inside, but the machine does not show them`,
      detail,
    )
  if (real.length > 0)
    return warned(
      'video-other-maker',
      `The graphics are of ${and(real.map(({ vendor, pciId }) => `${vendor} (${pciId})`))}, and Quick Sync is Intel's`,
      detail,
    )
  return warned('video-no-intel', `There are no Intel graphics in this machine (processor: ${processor})`, detail)
}

/** Whether programs have a door to them. `unknown`: the number of a device that the kernel is too old for, or null. */
export function judgeNodes(machine: VideoMachine, unknown: string | null): Finding {
  const { nodes, chosen, cmdline } = machine
  const detail = nodes.map(({ path, owner, driver }) => `${path}: ${owner}, driver ${driver ?? 'none'}`)
  if (chosen !== null) {
    const others = nodes.length - 1
    return passed(
      `${chosen.node} leads to Intel graphics ${chosen.pciId} (driver ${chosen.card.driver ?? 'unknown'})` +
        (others === 0 ? '' : `; ${others} other ${others === 1 ? 'node is' : 'nodes are'} not used`),
      detail,
    )
  }
  const card = intelCards(machine)[0]
  if (card !== undefined) {
    const { reason, pciId } = explainGraphics({ ...card, renderNode: null }, cmdline)
    if (unknown !== null)
      return failed('video-kernel-too-old', `The kernel does not know the graphics ${unknown} yet`, detail)
    if (card.renderNode !== null)
      return failed('video-no-node', `${card.renderNode} should be there for ${pciId}, and is not`, detail)
    return failed(
      troubleOfFault[nodeFault(card.driver, cmdline)],
      `Intel graphics ${pciId} have no render node: ${reason ?? 'nobody knows why'}`,
      detail,
    )
  }
  const alone = nodes.find(node => node.card === null)
  if (alone !== undefined)
    return failed(
      'video-node-of-nothing',
      `${alone.path} belongs to ${alone.owner}, which is no graphics device: Plex may choose it and fail`,
      detail,
    )
  const other = nodes[0]
  return nothing(
    other?.card === null || other === undefined
      ? 'There are no Intel graphics, so there is no node'
      : `There are no Intel graphics; ${other.path} belongs to ${pciIdOf(other.card)}`,
  )
}

const troubleOfFault: Readonly<Record<ReturnType<typeof nodeFault>, string>> = {
  nomodeset: 'video-nomodeset',
  'switched off': 'video-driver-off',
  'no driver': 'video-kernel-too-old',
  reserved: 'video-reserved',
  firmware: 'video-firmware-missing',
  'no node': 'video-no-node',
}

/** The device to prove something with, or the finding that says why it cannot be proven. */
export function deviceFor(machine: VideoMachine, unknown: string | null): Chosen | { readonly instead: Finding } {
  if (machine.chosen !== null) return machine.chosen
  if (intelCards(machine).length === 0) return { instead: nothing('There are no Intel graphics in this machine') }
  const { trouble = '', words } = judgeNodes(machine, unknown)
  return { instead: failed(trouble, `It cannot be tried. ${words}`) }
}
