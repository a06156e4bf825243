import { randomBytes } from 'node:crypto'
import { readManifest } from '../manifest.ts'
import type { SetupFacts } from '../plan/plan-setup.ts'
import { rootPartuuid } from '../probe/cmdline.ts'
import type { Root } from '../root.ts'

/** What a plan needs to know of the live system, with a fresh seed for one set-up. */
export function setupFacts(root: Root): SetupFacts {
  const liveRoot = rootPartuuid(root.text('/proc/cmdline') ?? '') ?? ''
  // The distribution's id names the folder that its signed GRUB reads, see os-release(5).
  const vendor = /^ID="?([a-z0-9._-]+)"?$/m.exec(root.text('/etc/os-release') ?? '')?.[1] ?? 'debian'
  return {
    seed: randomBytes(16).toString('hex'),
    vendor,
    liveRoot,
    image: `${readManifest(root).version} ${liveRoot}`,
  }
}
