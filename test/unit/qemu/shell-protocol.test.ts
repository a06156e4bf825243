import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { parseShellOutput, shellLines } from '../../../builder/qemu/shell-protocol.ts'

describe('a command over the console', () => {
  it('is not ended by the echo of its own line', () => {
    expect(parseShellOutput(`# ${shellLines('true', 'c1').join('# ')}\n`, 'c1')).toBeUndefined()
  })

  it('gives output and exit code, without what the terminal adds', () => {
    const raw = `# ${shellLines('false', 'c2').join('# ')}\n\x1b[?2004l\r@@c2-begin\r\nfirst\r\n\x1b[31mred\x1b[0m\r\n@@c2-end-1@@\r\n\x1b[?2004h# `
    expect(parseShellOutput(raw, 'c2')).toEqual({ output: 'first\nred', exitCode: 1 })
  })

  it('keeps output without a line end', () => {
    expect(parseShellOutput('@@c3-begin\r\nabc@@c3-end-0@@', 'c3')).toEqual({ output: 'abc', exitCode: 0 })
  })

  it('does not take the result of an earlier command', () => {
    expect(parseShellOutput('@@c1-begin\r\nold@@c1-end-0@@', 'c2')).toBeUndefined()
  })

  it('reaches a real shell whole, with its quotes and signs, however long', () => {
    const long = 'x'.repeat(3000)
    const lines = shellLines(`echo "it's $((1 + 1))!" '${long}'; exit 3`, 'c4')
    const raw = execFileSync('sh', { input: lines.join('').replaceAll('\r', '\n'), encoding: 'utf8' })
    expect(parseShellOutput(raw, 'c4')).toEqual({ output: `it's 2! ${long}`, exitCode: 3 })
    expect(Math.max(...lines.map(line => line.length))).toBeLessThan(1000)
  })
})
