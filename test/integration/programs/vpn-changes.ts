import { answersFromJson } from '../../../firstboot/answers/json.ts'
import { executePlan } from '../../../firstboot/apply/execute.ts'
import { killSwitch } from '../../../firstboot/changes/kill-switch.ts'
import { makeVpnKey } from '../../../firstboot/changes/vpn-key.ts'
import { openHttps } from '../../../firstboot/live-checks/https.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { folderSite } from '../../support/folder-site.ts'

// Makes the changes of the VPN on a system that lies in a folder, in the network that this program is started in.
// Standard input is JSON: the folder, and the answers as they were given. Each event is a line on standard output.
let text = ''
for await (const part of process.stdin) text += String(part)
const { folder, answers: stored } = JSON.parse(text) as { folder: string; answers: string }
const answers = answersFromJson(stored)
const site = folderSite(folder, answers)

const change = (id: string, params: Readonly<Record<string, unknown>>) => ({
  id,
  title: id,
  params,
  destroys: [],
  weight: 1,
})
const changes = [
  change('vpn-key', { country: answers.vpn?.country ?? '' }),
  change('kill-switch', { vpn: answers.vpn !== null }),
]
const vpnKey = makeVpnKey(openHttps(openRoot('')), 50)
await executePlan(
  { mode: 'configure', changes, disks: [], hash: '' },
  {
    changes: new Map([vpnKey, killSwitch].map(each => [each.id, each])),
    site: () => site,
    openTarget: () => Promise.resolve(),
    made: new Set(),
    settle: () => Promise.resolve(),
    tell: event => {
      process.stdout.write(`${JSON.stringify(event)}\n`)
      return Promise.resolve()
    },
  },
)
