import { mkdir } from 'node:fs/promises'
import * as z from 'zod/mini'
import { partitionPath } from '../changes/block-devices.ts'
import type { Site } from '../changes/change.ts'
import { onState, stateFolders } from '../changes/mounts.ts'
import type { Plan } from '../plan/plan.ts'
import { type Milestone, readJournal } from './journal.ts'
import { setupFolder } from './request.ts'

/** Where the system that is set up is mounted meanwhile. Only the apply unit sees it: its mounts are its own. */
export const TARGET = '/run/mediaserver/target'

const Ids = z.object({ ids: z.object({ rootA: z.string(), state: z.string() }) })
const Esp = z.object({ esp: z.string() })

const paramsOf = (plan: Plan, id: string): unknown => plan.changes.find(change => change.id === id)?.params

/** Mounts root, state and boot partition of the new system, and what lies on the state partition at its places. */
export async function mountTarget(plan: Plan, site: Site): Promise<void> {
  const { ids } = Ids.parse(paramsOf(plan, 'file-systems'))
  const { esp } = Esp.parse(paramsOf(plan, 'mounts'))
  const mount = async (type: string, from: string, to: string, options = 'rw') => {
    await mkdir(`${TARGET}${to}`, { recursive: true })
    await site.run(['mount', '-t', type, '-o', options, from, `${TARGET}${to}`])
  }
  // A power cut may have left them unclean: ext4 mends itself when it is mounted, FAT does not.
  await site.attempt(['fsck.vfat', '-a', partitionPath(esp)])
  await mount('ext4', partitionPath(ids.rootA), '/')
  await mount('ext4', partitionPath(ids.state), '/state')
  await mount('vfat', partitionPath(esp), '/boot/efi', 'umask=0077')
  for (const folder of stateFolders) {
    await mkdir(`${TARGET}${onState(folder)}`, { recursive: true })
    await mount('none', `${TARGET}${onState(folder)}`, folder, 'bind')
  }
}

const LOOK = '/run/mediaserver/earlier'

/** What an earlier run of the plan wrote down on the system disk; nothing when there is no such disk yet. */
export async function journalOnDisk(plan: Plan, site: Site): Promise<Milestone[]> {
  const { ids } = Ids.parse(paramsOf(plan, 'file-systems'))
  await mkdir(LOOK, { recursive: true })
  if ((await site.attempt(['mount', '-t', 'ext4', '-o', 'ro', partitionPath(ids.state), LOOK])).code !== 0) return []
  try {
    return await readJournal(`${LOOK}${setupFolder}/journal.jsonl`)
  } finally {
    await site.run(['umount', LOOK])
  }
}

/** Gives programs inside the new system the kernel's file systems; not before it is copied, or they would be copied over. */
export async function mountKernel(site: Site): Promise<void> {
  for (const folder of ['/dev', '/proc', '/sys']) {
    await mkdir(`${TARGET}${folder}`, { recursive: true })
    await site.run(['mount', '--rbind', '--make-rslave', folder, `${TARGET}${folder}`])
  }
  // Not with what is mounted below it: the new system itself is.
  await mkdir(`${TARGET}/run`, { recursive: true })
  await site.run(['mount', '--bind', '/run', `${TARGET}/run`])
}
