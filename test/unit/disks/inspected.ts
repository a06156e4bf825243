import type { Machine } from '../../../firstboot/machine.ts'
import { inspectDisks } from '../../../firstboot/probe/inspect.ts'
import { probeMachine } from '../../../firstboot/probe/machine.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { layOut } from '../firstboot/recorded.ts'

/** A recorded machine after both looks, the quick and the slow one. */
export async function inspected(name: string): Promise<Machine> {
  const root = openRoot(layOut(name))
  const machine = await probeMachine(root)
  return { ...machine, disks: await inspectDisks(root, machine.disks) }
}
