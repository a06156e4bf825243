import { createInterface } from 'node:readline'
import { answersFromJson } from '../../../firstboot/answers/json.ts'
import { explainFailure } from '../../../firstboot/apply/failure.ts'
import { openHttps } from '../../../firstboot/live-checks/https.ts'
import { openRoot, type Root } from '../../../firstboot/root.ts'
import { runLong } from '../../../firstboot/run.ts'
import type { Scene } from '../../../firstboot/verify/check.ts'
import { killSwitchChecks } from '../../../firstboot/verify/kill-switch/all.ts'
import { killSwitchTroubles } from '../../../firstboot/verify/kill-switch/troubles.ts'
import { vpnChecks } from '../../../firstboot/verify/vpn/all.ts'

// Makes the checks of the tunnel and of the kill switch in the network that it is started in: each line on standard input is
// a word of what to do, and gets one line of JSON as its answer. The system lies in a folder, its processes are real.
const { folder, answers } = JSON.parse(process.argv[2] ?? '{}') as { folder: string; answers: string }
const [files, real] = [openRoot(folder), openRoot('')]
const root: Root = {
  ...files,
  text: path => (path.startsWith('/proc/') ? real : files).text(path),
  link: path => (path.startsWith('/proc/') ? real : files).link(path),
}

// Here is no systemd.
const checks = [...vpnChecks, ...killSwitchChecks].filter(({ id }) => id !== 'vpn-watch' && id !== 'kill-switch-boot')

function openScene(): Scene {
  const shared = new Map<string, Promise<unknown>>()
  return {
    root,
    answers: answersFromJson(answers),
    services: [],
    get: openHttps(real),
    ask: () => Promise.resolve({ unreachable: 'nobody is asked' }),
    attempt: async ([program, ...args], follow = {}) => await runLong(program, args, follow),
    once: <T>(name: string, find: () => Promise<T>) => {
      const known = shared.get(name) ?? find()
      shared.set(name, known)
      return known as Promise<T>
    },
    now: () => Date.now(),
    signal: new AbortController().signal,
  }
}

async function verify(): Promise<unknown> {
  const scene = openScene()
  const found = checks.map(async check => {
    const finding = await check.run(scene).catch((error: unknown) => ({ verdict: 'broken', words: String(error) }))
    return [check.id, finding] as const
  })
  return Object.fromEntries(await Promise.all(found))
}

async function mend(id: string): Promise<unknown> {
  const trouble = killSwitchTroubles.find(each => each.id === id)
  if (trouble?.remedy === undefined) return { error: `There is no remedy for ${id}.` }
  return await trouble.remedy(openScene()).catch((error: unknown) => ({ error: explainFailure(error).message }))
}

for await (const line of createInterface({ input: process.stdin })) {
  const [word, id = ''] = line.split(' ')
  process.stdout.write(`${JSON.stringify(word === 'verify' ? await verify() : await mend(id))}\n`)
}
