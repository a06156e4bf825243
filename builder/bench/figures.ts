/** One measured figure with the bar it is held against. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: 'x' | 's' | 'MiB' | 'equal'
  /** The largest value that is good enough; for `equal`, 1 means equal. */
  readonly bar: number
  /** What it was computed from. */
  readonly detail: string
}

/** The middle value of a list; of two middle ones the mean. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Whether a figure meets its bar. */
export function meets({ unit, value, bar }: Figure): boolean {
  return unit === 'equal' ? value === bar : value <= bar
}

/** The figures as a table for people. */
export function renderFigures(figures: readonly Figure[]): string {
  const value = ({ unit, value: number }: Figure) =>
    unit === 'equal' ? (number === 1 ? 'equal' : 'DIFFERENT') : `${number.toFixed(2)} ${unit}`
  const rows = figures.map(figure => [
    meets(figure) ? 'meets ' : 'MISSES',
    figure.name,
    value(figure),
    figure.unit === 'equal' ? 'equal' : `<= ${figure.bar} ${figure.unit}`,
    figure.detail,
  ])
  const widths = [0, 1, 2, 3].map(column => Math.max(...rows.map(row => (row[column] ?? '').length)))
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
