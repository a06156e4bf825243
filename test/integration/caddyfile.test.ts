import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { createServer as createSocket, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { run } from '../../builder/shared/run.ts'
import { Secret } from '../../firstboot/answers/secret.ts'
import { renderCaddyfile } from '../../firstboot/domain/caddyfile.ts'
import { DOOR_FILE, firstDoor, renderDoor } from '../../firstboot/domain/requests-door.ts'
import { hashPassword } from '../../firstboot/domain/password-hash.ts'
import { runLong } from '../../firstboot/run.ts'
import { temporaryFolder, until } from '../unit/shared/fixtures.ts'

const password = 'kaffee-tasse-99'
const attempt = async (argv: readonly [string, ...string[]], follow = {}) =>
  await runLong(argv[0], argv.slice(1), follow)
const domain = { name: 'films.example.com', email: 'anna@example.com' }

async function rendered(requests: boolean, authority?: { directory: string }): Promise<string> {
  const login = { user: 'anna', hash: await hashPassword(new Secret(password), { attempt }) }
  return renderCaddyfile({ domain, requests, login, ...(authority === undefined ? {} : { authority }) })
}

describe('the Caddyfile is one for the real Caddy', () => {
  test.each([
    ['with requests', true, undefined, { open: true } as const],
    ['with requests that are closed', true, undefined, firstDoor],
    ['without requests', false, undefined, firstDoor],
    ['of another authority', true, { directory: 'https://ca.test/acme/directory' }, { open: true } as const],
  ])('%s', async (_, requests, authority, door) => {
    const folder = await temporaryFolder()
    const file = join(folder, 'Caddyfile')
    await writeFile(file, await rendered(requests, authority))
    await writeFile(join(folder, DOOR_FILE), renderDoor(door))
    const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
    const { stdout, stderr } = await run({
      argv: ['caddy', 'validate', '--adapter', 'caddyfile', '--config', file],
      env,
    })
    expect(stdout + stderr).toContain('Valid configuration')
    expect(stderr).not.toMatch(/"level":"(warn|error)"/)
  })
})

async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address() as AddressInfo
  await new Promise(resolve => socket.close(resolve))
  return port
}

test('everybody reaches the service for requests once it is opened, and nobody Sonarr without the password', async () => {
  const seen: (string | undefined)[] = []
  const service = createServer((question, answer) => {
    seen.push(question.headers.authorization)
    answer.end(`behind ${question.headers.host}`)
  }).listen(0, '127.0.0.1')
  await once(service, 'listening')
  const behind = (service.address() as AddressInfo).port
  const [port, admin] = [await freePort(), await freePort()]
  const folder = await temporaryFolder()
  const file = join(folder, 'Caddyfile')
  // The same file on loopback: no certificates, and one service that stands for all.
  const text = (await rendered(true))
    .replace(/^\{$/m, `{\n\tadmin 127.0.0.1:${admin}\n\tauto_https off`)
    .replace(/^((?:\w+\.)?films\.example\.com) \{$/gm, `http://$1:${port} {`)
    .replace(/reverse_proxy \w+:\d+/g, `reverse_proxy 127.0.0.1:${behind}`)
  await writeFile(file, text)
  const put = async (door: Parameters<typeof renderDoor>[0]) =>
    await writeFile(join(folder, DOOR_FILE), renderDoor(door).replace('jellyseerr:5055', `127.0.0.1:${behind}`))
  await put(firstDoor)
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const caddy = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', file], { env, stdio: 'ignore' })
  onTestFinished(async () => {
    caddy.kill()
    await once(caddy, 'exit')
    service.closeAllConnections()
    await new Promise(resolve => service.close(resolve))
  })
  const get = async (host: string, auth?: string) =>
    await new Promise<number | undefined>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, headers: { Host: `${host}:${port}` }, ...(auth ? { auth } : {}) }
      request(options, answer => {
        answer.resume()
        resolve(answer.statusCode)
      })
        .on('error', reject)
        .end()
    })
  await until(async () => (await get('films.example.com').catch(() => 0)) === 503)
  expect(seen).toEqual([])
  await put({ open: true })
  await run({
    argv: ['caddy', 'reload', '--adapter', 'caddyfile', '--config', file, '--address', `127.0.0.1:${admin}`],
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  })
  expect(await get('films.example.com')).toBe(200)
  for (const host of ['sonarr.films.example.com', 'radarr.films.example.com']) {
    expect(await get(host)).toBe(401)
    expect(await get(host, 'anna:wrong')).toBe(401)
    expect(await get(host, `anna:${password}`)).toBe(200)
  }
  const before = seen.length
  for (const host of ['prowlarr.films.example.com', 'qbittorrent.films.example.com', '127.0.0.1']) await get(host)
  expect(seen).toHaveLength(before)
  expect(seen.filter(each => each !== undefined)).toEqual([])
})
