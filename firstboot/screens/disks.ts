import type { Disk } from '../machine.ts'
import { cell, flow, line, type Line, type Style } from '../terminal/lines.ts'
import { contentsWords, diskSize } from './words.ts'

/** How much each disk may take: several lines with the whole serial, or one line with its end. */
export type Detail = 'full' | 'short'

/** The disks as lines of `width` cells. The boot medium is strong and says so in words. */
export function diskLines(disks: readonly Disk[], width: number, detail: Detail): Line[] {
  if (disks.length === 0) return [line('   no disk found')]
  const columns: Columns = {
    width,
    name: Math.min(10, Math.max(...disks.map(disk => disk.name.length))),
    kind: Math.max(...disks.map(disk => disk.kind.length)),
  }
  const layout = width < 60 ? (detail === 'full' ? narrowFull : narrowShort) : detail === 'full' ? wideFull : wideShort
  return disks.flatMap(disk => {
    const style: Style = disk.bootMedium ? 'strong' : 'normal'
    return layout(disk, columns).map(text => line(text, style))
  })
}

interface Columns {
  readonly width: number
  readonly name: number
  readonly kind: number
}

const modelOf = (disk: Disk): string => disk.model || 'unnamed disk'
const serialOf = (disk: Disk): string => (disk.serial === '' ? 'no serial' : `serial ${disk.serial}`)
const nameCell = (disk: Disk, { name }: Columns): string => `   ${cell(disk.name, name)}  `
const factCells = (disk: Disk, { kind }: Columns): string =>
  `${cell(disk.kind, kind)} ${diskSize(disk.sizeBytes).padStart(7)}`

function serialEnd(disk: Disk): string {
  if (disk.serial === '') return '-'
  return disk.serial.length <= 7 ? disk.serial : `...${disk.serial.slice(-4)}`
}

function wideFull(disk: Disk, columns: Columns): string[] {
  const name = nameCell(disk, columns)
  const facts = factCells(disk, columns)
  const indent = ' '.repeat(name.length)
  const model = cell(modelOf(disk), Math.min(36, columns.width - name.length - facts.length - 2))
  const rest = flow(contentsWords(disk, false), `${indent}${serialOf(disk)}   `, indent, columns.width)
  return [`${name}${model}  ${facts}`, ...rest]
}

function wideShort(disk: Disk, columns: Columns): string[] {
  const name = nameCell(disk, columns)
  const model = cell(modelOf(disk), Math.max(10, Math.min(24, Math.floor((columns.width - name.length) / 3) - 2)))
  const contents = contentsWords(disk, true).join(', ')
  return [`${name}${model} ${factCells(disk, columns)} ${cell(serialEnd(disk), 7)} ${contents}`]
}

function narrowShort(disk: Disk, columns: Columns): string[] {
  const first = `${nameCell(disk, columns)}${disk.kind} ${diskSize(disk.sizeBytes)}  ${serialEnd(disk)}`
  return [first, `     ${modelOf(disk)}`, `     ${contentsWords(disk, true).join(', ')}`]
}

function narrowFull(disk: Disk, columns: Columns): string[] {
  const first = `${nameCell(disk, columns)}${disk.kind} ${diskSize(disk.sizeBytes)}`
  const contents = flow(contentsWords(disk, false), '     ', '     ', columns.width)
  return [first, `     ${modelOf(disk)}`, `     ${serialOf(disk)}`, ...contents]
}
