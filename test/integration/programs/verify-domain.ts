import { answersFromJson } from '../../../firstboot/answers/json.ts'
import { openHttps } from '../../../firstboot/live-checks/https.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { runLong } from '../../../firstboot/run.ts'
import type { Scene } from '../../../firstboot/verify/check.ts'
import { ddnsChecks } from '../../../firstboot/verify/ddns/all.ts'
import { domainChecks } from '../../../firstboot/verify/domain/all.ts'

// Makes the checks of a domain in the network that it is started in, and prints what each has found. The files of the machine
// lie in a folder; names, pages and certificates are real.
const { folder, answers } = JSON.parse(process.argv[2] ?? '{}') as { folder: string; answers: string }
const shared = new Map<string, Promise<unknown>>()
const scene: Scene = {
  root: openRoot(folder),
  answers: answersFromJson(answers),
  services: [],
  get: openHttps(openRoot('')),
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
const found = [...domainChecks, ...ddnsChecks].map(async check => [check.id, await check.run(scene)] as const)
process.stdout.write(JSON.stringify(Object.fromEntries(await Promise.all(found))))
