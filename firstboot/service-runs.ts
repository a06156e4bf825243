import type { Root } from './root.ts'

/**
 * Whether a service has any process, by its control group, see "Notification of empty cgroups" in cgroups(7): all
 * consoles ask for it again and again, and each call of systemctl would keep three programs busy.
 */
export const serviceRuns = (root: Root, name: string): boolean =>
  /^populated 1$/m.test(root.text(`/sys/fs/cgroup/system.slice/${name}.service/cgroup.events`) ?? '')
