import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Answers } from '../../../firstboot/answers/answers.ts'
import { answersToJson } from '../../../firstboot/answers/json.ts'
import { answersPath } from '../../../firstboot/apply/places.ts'
import type { Site } from '../../../firstboot/changes/change.ts'
import { cataloguePath } from '../../../firstboot/stack/catalogue.ts'
import { tunnelPath } from '../../../firstboot/vpn/settings.ts'
import { folderSite } from '../../support/folder-site.ts'

/** A machine in a folder whose tunnel runs, or not; `orders` is what its programs were told, in order. */
export async function tunnelMachine(folder: string, answers: Answers, runs: boolean) {
  for (const [path, text] of [
    [cataloguePath, '[]'],
    [answersPath, answersToJson(answers)],
  ] as const) {
    await mkdir(join(folder, dirname(path)), { recursive: true })
    await writeFile(join(folder, path), text, { mode: 0o600 })
  }
  const orders: string[] = []
  // What the kernel's tunnel is set to; a container reads it when it starts, and when it is told to.
  let set = ''
  const tune = async () => void (set = await readFile(join(folder, tunnelPath), 'utf8').catch(() => ''))
  const value = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(set)?.[1] ?? '(none)'
  const container = (name: string) => ({
    Name: `/${name}`,
    State: { Running: true, Pid: process.pid, StartedAt: '2026-01-01T00:00:00Z', Error: '', Status: 'running' },
  })
  const ended = (stdout: string, code = 0) => ({ code, stdout, stderr: '' })
  const real = folderSite(folder, answers)
  const attempt: Site['attempt'] = async argv => {
    const line = argv.join(' ')
    if (line.includes('container inspect')) return ended(runs ? JSON.stringify(container('nordlynx')) : '')
    if (line.endsWith('wg show wg0 dump')) {
      const peer = [value('PublicKey'), '(none)', value('Endpoint'), value('AllowedIPs'), '0', '0', '0', '25']
      return ended([[value('PrivateKey'), 'x', '1', 'off'].join('\t'), peer.join('\t')].join('\n'))
    }
    if (line.startsWith('nft -j list')) return ended('', 1)
    orders.push(line)
    if (!line.startsWith('docker exec')) return ended('')
    if (runs) await tune()
    return ended('', runs ? 0 : 1)
  }
  const run: Site['run'] = async argv => (argv[0] === 'ip' ? '[]' : (await attempt(argv)).stdout)
  return { site: { ...real, attempt, run } satisfies Site, orders, tune }
}
