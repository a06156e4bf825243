import { Box, Text } from 'ink'
import type { Line } from '../terminal/lines.ts'

/** Lines as Ink elements: one `Text` for each line, so that Ink has nothing to wrap or to align. */
export function Sheet({ lines, columns, styles }: { lines: readonly Line[]; columns: number; styles: boolean }) {
  return (
    <Box flexDirection="column" width={columns} height={lines.length}>
      {lines.map((spans, row) => (
        <Text key={row} wrap="truncate">
          {spans.length === 0
            ? ' '
            : spans.map((span, index) => (
                <Text key={index} bold={styles && span.style === 'strong'} inverse={styles && span.style === 'chosen'}>
                  {span.text || ' '}
                </Text>
              ))}
        </Text>
      ))}
    </Box>
  )
}
