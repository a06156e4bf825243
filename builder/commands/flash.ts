import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import type { CommandFunction } from './command.ts'
import { accessFaults } from '../flash/access.ts'
import { consentWord, readDevice, refusals } from '../flash/device.ts'
import { writeImage } from '../flash/write-image.ts'
import { UserError, UserErrors } from '../shared/errors.ts'
import { formatBytes } from '../shared/format.ts'
import { run } from '../shared/run.ts'

/**
 * `npm run flash -- IMAGE DEVICE`: writes an image to a stick and reads it back. Asks before it writes. `--any-disk` also
 * takes a disk that is built in.
 */
export const flash: CommandFunction = async (args, signal) => {
  const {
    values,
    positionals: [image, path],
  } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { 'any-disk': { type: 'boolean', default: false } },
  })
  if (image === undefined || path === undefined)
    throw new UserError(
      'flash needs an image and a disk.',
      'For instance: npm run flash -- out/media-server.img /dev/sdb',
    )
  const size = await stat(image).then(
    file => file.size,
    () => {
      throw new UserError(`There is no image ${image}.`, 'Build one with: npm run image')
    },
  )
  const device = await readDevice(path, run)
  // Before anything is asked: what was typed would be lost.
  const faults = [...refusals(device, size, values['any-disk']), ...(await accessFaults(path, args))]
  if (faults.length > 0) throw new UserErrors(faults)

  const word = consentWord(device)
  process.stdout.write(
    `Everything on this disk will be gone:\n  ${device.path}  ${device.model ?? 'unknown model'}  ${formatBytes(device.size)}  serial ${device.serial ?? 'none'}\n`,
  )
  const question = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await question
    .question(`Type ${device.serial ? 'the last four characters of its serial' : 'its path'} to go on: `, { signal })
    .finally(() => question.close())
  if (answer.trim() !== word) throw new UserError('That is not what the disk says; nothing was written.')

  const written = await writeImage(
    image,
    path,
    async () => {
      await run({ argv: ['blockdev', '--flushbufs', path] })
    },
    signal,
    (doing, done, total) => process.stdout.write(`\r\u001b[K${doing} ${formatBytes(done)} of ${formatBytes(total)}`),
  )
  process.stdout.write(`\r\u001b[K${formatBytes(written)} written and compared. The stick can be pulled out.\n`)
  return 0
}
