import type { KnownSoFar } from '../machine.ts'
import { cell, line, type Line } from '../terminal/lines.ts'
import { type Detail, diskLines } from './disks.ts'
import { firmwareWords, graphicsWords, memorySize, networkWords } from './words.ts'

/** Everything that is known about the machine, as lines of `width` cells; what is not known yet says so. */
export function factLines(known: KnownSoFar, width: number, detail: Detail): Line[] {
  return [
    line(' This machine', 'strong'),
    ...machineLines(known, width),
    ...(detail === 'full' ? [line('')] : []),
    line(' Disks', 'strong'),
    ...(problem(known, 'disks') ??
      (known.disks === undefined ? [line('   looking for disks ...')] : diskLines(known.disks, width, detail))),
  ]
}

function machineLines(known: KnownSoFar, width: number): Line[] {
  const { cpu, memoryBytes, firmware, secureBoot, graphics, network } = known
  if (cpu === undefined || memoryBytes === undefined || firmware === undefined || secureBoot === undefined) {
    return [line('   looking at this machine ...')]
  }
  const cores = `${cpu.cores} ${cpu.cores === 1 ? 'core' : 'cores'}`
  const addresses = network === undefined ? ['looking for the network ...'] : networkWords(network)
  return [
    ...pair(`${cpu.model}, ${cores}, ${memorySize(memoryBytes)}`, firmwareWords({ firmware, secureBoot }), width),
    ...(graphics ?? []).flatMap(card => {
      const words = graphicsWords(card)
      return pair(words.what, words.node, width)
    }),
    ...((graphics ?? []).some(card => card.vendor === 'Intel')
      ? []
      : [line('   No Intel graphics: videos cannot be transcoded in hardware')]),
    ...(problem(known, 'network') ??
      addresses.map((address, index) => line(`   ${index === 0 ? 'Network' : '       '}  ${address}`))),
  ]
}

/** Why facts are missing, in place of them. */
function problem(known: KnownSoFar, about: 'network' | 'disks'): Line[] | null {
  const found = (known.problems ?? []).find(item => item.about === about)
  return found === undefined ? null : [line(`   ${found.words}`)]
}

/** Two facts on one line where both fit, else on two. */
function pair(left: string, right: string, width: number): Line[] {
  const column = width >= 76 ? 48 : 0
  const gap = `   ${left}`
  if (column > 0 && gap.length < column && column + right.length <= width) return [line(cell(gap, column) + right)]
  if (gap.length + 3 + right.length <= width) return [line(`${gap}   ${right}`)]
  return [line(gap), line(`     ${right}`)]
}
