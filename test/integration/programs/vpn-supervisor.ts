import { createInterface } from 'node:readline'
import { answersFromJson } from '../../../firstboot/answers/json.ts'
import { openHttps } from '../../../firstboot/live-checks/https.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { seenFromHome, seenFromTunnel, tunnelFacts } from '../../../firstboot/vpn/facts.ts'
import type { Remedy } from '../../../firstboot/vpn/supervisor/decide.ts'
import { gateProcess, look } from '../../../firstboot/vpn/supervisor/look.ts'
import { mend } from '../../../firstboot/vpn/supervisor/mend.ts'
import { folderSite } from '../../support/folder-site.ts'

// The eyes and hands of the supervisor, without its head: each line on standard input is a word of what it shall do, and
// gets one line of JSON as its answer. The system lies in a folder, and the network is the one it is started in.
const { folder, answers } = JSON.parse(process.argv[2] ?? '{}') as { folder: string; answers: string }
const site = folderSite(folder, answersFromJson(answers))
const get = openHttps(openRoot(''))

async function facts(): Promise<unknown> {
  const pid = (await gateProcess(site)) ?? 0
  const [tunnel, inside, outside] = [
    await tunnelFacts(pid, site),
    await seenFromTunnel(pid, site),
    await seenFromHome(get),
  ]
  return { tunnel, inside, outside }
}

for await (const line of createInterface({ input: process.stdin })) {
  const [word, remedy] = line.split(' ')
  const answer =
    word === 'look' ? await look(site, get) : word === 'facts' ? await facts() : await mend(remedy as Remedy, site, get)
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
