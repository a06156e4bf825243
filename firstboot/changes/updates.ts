import * as z from 'zod/mini'
import { defineChange } from './change.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'

const files: readonly OwnFile[] = [
  {
    path: '/etc/apt/apt.conf.d/20auto-upgrades',
    text: 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n',
  },
  {
    path: '/etc/apt/apt.conf.d/52mediaserver',
    // A film that stops in the middle of the night is better than a hole that stays open, and both are rare.
    text: [
      'Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";',
      'Unattended-Upgrade::Automatic-Reboot "true";',
      'Unattended-Upgrade::Automatic-Reboot-Time "04:30";',
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
