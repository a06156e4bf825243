import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { StepHandler } from '../execute/execute-plan.ts'
import { checksumLine } from '../../firstboot/copy/checksums.ts'
import { filesByOffset, parsePseudoHead, PSEUDO_MARK } from '../../firstboot/copy/pseudo-file.ts'

/** The file that the step `sums` makes. */
export const SUMS_FILE = 'SHA256SUMS.gz'

// For the parser the head must be whole; that of 20 000 files has 2 MB.
async function headOf(pseudo: string): Promise<Buffer> {
  let head = Buffer.alloc(0)
  for await (const chunk of createReadStream(pseudo, { highWaterMark: 4 << 20 })) {
    head = Buffer.concat([head, chunk as Buffer])
    const at = head.indexOf(PSEUDO_MARK)
    if (at >= 0) return head.subarray(0, at)
  }
  throw new Error(`unsquashfs has written no data to ${pseudo}.`)
}

/** The sums of all files in a pseudo file, as lines for `sha256sum --check`; throws where it ends too early. */
export async function checksumLines(pseudo: string): Promise<string> {
  const head = await headOf(pseudo)
  const data = createReadStream(pseudo, { start: head.length + PSEUDO_MARK.length, highWaterMark: 1 << 20 })
  const chunks = data[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let chunk: Buffer = Buffer.alloc(0)
  let lines = ''
  for (const { path, bytes } of filesByOffset(parsePseudoHead(head.toString('utf8')))) {
    const hash = createHash('sha256')
    for (let left = bytes; left > 0;) {
      if (chunk.length === 0) {
        const next = await chunks.next()
        if (next.done) throw new Error(`${pseudo} ends within ${path}.`)
        chunk = next.value
      }
      const piece = chunk.subarray(0, left)
      hash.update(piece)
      chunk = chunk.subarray(piece.length)
      left -= piece.length
    }
    lines += checksumLine(path, hash.digest('hex'))
  }
  return lines
}

/**
 * The checksums of all files of the root file system. squashfs has none, so what a stick reads wrong would be copied and
 * never be seen; and a copy is compared with a list faster than with a stick.
 */
export const sumsStep: StepHandler = async ({ out, result, run, signal }) => {
  const pseudo = join(out, 'pseudo')
  const squashfs = join(result('root'), 'root.squashfs')
  await run({ argv: ['unsquashfs', '-quiet', '-no-progress', '-pf', pseudo, squashfs] }, { signal })
  // Node writes no time into the head of a gzip file.
  await writeFile(join(out, SUMS_FILE), gzipSync(await checksumLines(pseudo), { level: 9 }))
  await rm(pseudo)
}
