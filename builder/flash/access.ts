import { access, constants } from 'node:fs/promises'
import { UserError } from '../shared/errors.ts'

/** The fault that this user may not write to a disk and read it back; empty when they may. `args` are those of the command. */
export async function accessFaults(
  device: string,
  args: readonly string[],
  ask: typeof access = access,
): Promise<UserError[]> {
  try {
    await ask(device, constants.R_OK | constants.W_OK)
    return []
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM') throw error
    return [
      new UserError(`You may not write to ${device}: only root may.`, `Run: sudo npm run flash -- ${args.join(' ')}`),
    ]
  }
}
