import { randomBytes } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
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

const keyName = /^ssh_host_\w+_key$/

/** The private host keys; those that a power cut has left empty or torn are told apart. */
export async function hostKeys(site: Site): Promise<{ whole: string[]; broken: string[] }> {
  const names = (await readdir(site.path('/etc/ssh')).catch(() => [])).filter(name => keyName.test(name))
  const whole: string[] = []
  const broken: string[] = []
  for (const name of names) {
    const path = site.path(`/etc/ssh/${name}`)
    const [own, shared] = await Promise.all([path, `${path}.pub`].map(file => readFile(file, 'utf8').catch(() => '')))
    const fine = /^-----BEGIN [\s\S]+-----END [^\n]+-----\n$/.test(own ?? '') && /^\S+ \S{60,}/.test(shared ?? '')
    ;(fine ? whole : broken).push(path)
  }
  return { whole, broken }
}

/** Gives this machine what no other may share: its name, its machine-id, and the keys that SSH knows it by. */
export const identity = defineChange<Params>({
  id: 'identity',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    const keys = await hostKeys(site)
    const hasKeys = keys.whole.length > 0 && keys.broken.length === 0
    const done = hasKeys && (await filesAreThere(files(params), site)) && (await hasMachineId(site))
    return done ? `${params.hostname}, with a machine-id and SSH keys of its own` : null
  },
  async apply(params, site) {
    await writeFiles(files(params), site)
    if (!(await hasMachineId(site)))
      // machine-id(5): 32 hexadecimal digits of a version 4 UUID.
      await writeDurably(site.path('/etc/machine-id'), `${machineId()}\n`, { mode: 0o444 })
    // It makes the keys that are not there, and leaves alone what is there but empty.
    for (const path of (await hostKeys(site)).broken) await rm(path, { force: true })
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
