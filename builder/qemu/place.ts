import { copyFile, mkdtemp, open, access } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../shared/errors.ts'
import { run } from '../shared/run.ts'
import type { PlacedDisk, Placement } from './arguments.ts'
import { findFirmware, type FirmwareFiles } from './firmware.ts'
import type { Accel, DiskOptions, MachineOptions } from './options.ts'

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

async function placeDisk(folder: string, disk: DiskOptions, index: number): Promise<PlacedDisk> {
  const path = disk.path ?? join(folder, `disk${index}.raw`)
  const bytes = (disk.sizeGiB ?? 32) * 1024 ** 3
  if (!(await exists(path)) && disk.losesUnflushed === true) {
    await run({ argv: ['qemu-img', 'create', '-q', '-f', 'qcow2', path, String(bytes)] })
  } else if (!(await exists(path))) {
    const file = await open(path, 'w')
    await file.truncate(bytes)
    await file.close()
  }
  return { ...disk, path }
}

async function placeFirmware(folder: string, options: MachineOptions): Promise<FirmwareFiles> {
  const found = await findFirmware(options.firmware)
  if (found.kind === 'bios') return found
  const variables = options.variables ?? join(folder, 'variables.fd')
  if (!(await exists(variables))) await copyFile(found.variables, variables)
  return { ...found, variables }
}

/** Makes the folder of one run with everything that QEMU writes to: disks, firmware variables, sockets. */
export async function placeMachine(
  options: MachineOptions,
  accel: Accel,
): Promise<Placement & { readonly folder: string }> {
  if (options.image !== undefined && !(await exists(options.image))) {
    throw new UserError(`There is no image ${options.image}.`, 'Build one with "npm run image".')
  }
  // Sparse disks may grow by gigabytes, so not /tmp, which is memory on many systems; but a socket's path must be short.
  const folder = await mkdtemp(
    join(process.env['MEDIASERVER_VM_DIR'] ?? ((await exists('/var/tmp')) ? '/var/tmp' : tmpdir()), 'ms-vm-'),
  )
  if (options.image !== undefined && options.stickOverlay !== undefined && !(await exists(options.stickOverlay))) {
    await run({
      argv: ['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', options.image, options.stickOverlay],
    })
  }
  return {
    folder,
    accel,
    firmware: await placeFirmware(folder, options),
    qmpSocket: join(folder, 'qmp'),
    consoleSocket: join(folder, 'hvc0'),
    disks: await Promise.all((options.disks ?? []).map((disk, index) => placeDisk(folder, disk, index))),
  }
}
