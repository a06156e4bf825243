import { gap, note, question } from '../items.ts'
import type { Page } from '../page.ts'

/** The disks for films of a machine that is set up already: its answers are applied without touching any disk. */
export const installedMediaPage: Page = {
  items: [
    question('Where do your films live?'),
    note('On the disks that were chosen when this machine was set up. That cannot be changed here.'),
    gap,
    note(
      'Disks for films are chosen when the machine is started from the stick. To use another one, set it up anew there.',
    ),
  ],
  help: [
    'Running the set-up again on the installed machine changes no disk: none is added, taken away or erased.',
    'Setting it up anew from the stick erases the system disk. A film disk that you keep there is used as it is, with all its files.',
  ],
  problem: null,
}
