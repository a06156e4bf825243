/** The same numbers for the same seed, so that a failure can be seen again: a linear congruential generator. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A text with some damage: cut at either end, lines lost, doubled or swapped; `signs` changes single letters too. */
export function damaged(text: string, seed: number, signs: boolean): string {
  const next = numbers(seed)
  let result = text
  for (let times = 1 + next(4); times > 0; times -= 1) {
    const lines = result.split('\n')
    const [line, other, at] = [next(lines.length), next(lines.length), next(result.length + 1)]
    const ways = [
      () => result.slice(0, at),
      () => result.slice(at),
      () => lines.toSpliced(line, 1 + next(3)).join('\n'),
      () => lines.toSpliced(line, 0, lines[other] ?? '').join('\n'),
      () => lines.with(line, lines[other] ?? '').join('\n'),
      () => result.slice(0, at) + String.fromCharCode(32 + next(95)) + result.slice(at + next(2)),
    ]
    result = ways[next(signs ? ways.length : ways.length - 1)]?.() ?? result
  }
  return result
}
