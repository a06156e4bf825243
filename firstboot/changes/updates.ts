import * as z from 'zod/mini'
import { defineChange } from './change.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'

/** What apt is told besides how often it works. */
export const UPDATE_SETTINGS = '/etc/apt/apt.conf.d/52mediaserver'

const files: readonly OwnFile[] = [
  {
    path: '/etc/apt/apt.conf.d/20auto-upgrades',
    text: 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n',
  },
  {
    path: UPDATE_SETTINGS,
    // A film that stops in the middle of the night is better than a hole that stays open, and both are rare.
    text: [
      'Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";',
      'Unattended-Upgrade::Automatic-Reboot "true";',
      'Unattended-Upgrade::Automatic-Reboot-Time "04:30";',
      // apt itself only notes that it has tried; this is run when all lists came and were believed.
      'APT::Update::Post-Invoke-Success { "touch /var/lib/apt/periodic/update-success-stamp 2>/dev/null || true"; };',
      '',
    ].join('\n'),
  },
]

/** Installs security updates by themselves. */
export const updates = defineChange<object>({
  id: 'updates',
  where: 'target',
  parse: params => z.strictObject({}).parse(params),
  check: async (_, site) => ((await filesAreThere(files, site)) ? 'security updates every day' : null),
  apply: async (_, site) => await writeFiles(files, site),
})
