import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { writeDurably } from '../apply/durable.ts'
import { defineChange, type Site } from './change.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'

const Params = z.object({ hostname: z.string() })
type Params = z.infer<typeof Params>

const files = ({ hostname }: Params): OwnFile[] => [
  { path: '/etc/hostname', text: `${hostname}\n` },
  {
    path: '/etc/hosts',
    text: `127.0.0.1 localhost\n127.0.1.1 ${hostname}\n::1 localhost ip6-localhost ip6-loopback\n`,
  },
]

const hasMachineId = async (site: Site): Promise<boolean> =>
  /^[0-9a-f]{32}\n$/.test(await readFile(site.path('/etc/machine-id'), 'utf8').catch(() => ''))

async function hostKeys(site: Site): Promise<number> {
  const names = await readdir(site.path('/etc/ssh')).catch(() => [])
  return names.filter(name => /^ssh_host_\w+_key$/.test(name)).length
}

/** Gives this machine what no other may share: its name, its machine-id, and the keys that SSH knows it by. */
export const identity = defineChange<Params>({
  id: 'identity',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    const done = (await filesAreThere(files(params), site)) && (await hasMachineId(site)) && (await hostKeys(site)) > 0
    return done ? `${params.hostname}, with a machine-id and SSH keys of its own` : null
  },
  async apply(params, site) {
    await writeFiles(files(params), site)
    if (!(await hasMachineId(site)))
      // machine-id(5): 32 hexadecimal digits of a version 4 UUID.
      await writeDurably(site.path('/etc/machine-id'), `${machineId()}\n`, { mode: 0o444 })
    await site.runInside(['ssh-keygen', '-A'])
    if (site.target === '') await site.attempt(['hostname', params.hostname])
  },
})

function machineId(): string {
  const bytes = randomBytes(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex')
}
