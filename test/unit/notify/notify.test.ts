import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { notifyCommand } from '../../../firstboot/notify/command.ts'
import { addressFault, letterFor, type Message, messageOf } from '../../../firstboot/notify/message.ts'
import { send, tell } from '../../../firstboot/notify/send.ts'
import { readNotify, writeNotify } from '../../../firstboot/notify/settings.ts'
import type { Turn } from '../../../firstboot/verify/verification.ts'

let place = ''
let path = ''
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'notify-'))
  path = join(place, 'notify.json')
})
afterEach(() => rmSync(place, { recursive: true, force: true }))

const turn = (from: Turn['from'], to: Turn['to'], id = 'vpn'): Turn => ({
  id,
  title: `Title of ${id}`,
  from,
  to,
  words: `${id} is ${to}`,
})
const message: Message = { title: 'box: something fails', lines: ['Fails: x: y'] }

describe('what is told', () => {
  test('what fails now, and what is well again', () => {
    expect(messageOf([turn('pass', 'fail'), turn('fail', 'pass', 'ssh')], 'box')).toEqual({
      title: 'box: something fails',
      lines: ['Fails: Title of vpn: vpn is fail', 'Well again: Title of ssh: ssh is pass'],
    })
    expect(messageOf([turn('pass', 'fail'), turn('warn', 'fail', 'b')], 'box')?.title).toBe('box: 2 things fail')
    expect(messageOf([turn('fail', 'warn')], 'box')?.title).toBe('box: well again')
  })
  test('nothing, when nothing fell or rose', () => {
    expect(messageOf([turn('pass', 'warn'), turn(null, 'fail'), turn('none', 'pass')], 'box')).toBeNull()
    expect(messageOf([], 'box')).toBeNull()
  })
  test('in the words of the receiver', () => {
    expect(JSON.parse(letterFor('discord.com', message).body)).toMatchObject({
      content: 'box: something fails\nFails: x: y',
    })
    expect(JSON.parse(letterFor('hooks.slack.com', message).body)).toEqual({
      text: 'box: something fails\nFails: x: y',
    })
    const other = letterFor('notdiscord.com', { ...message, title: 'büro\r\nX: y' })
    expect(other).toMatchObject({ body: 'Fails: x: y', headers: { Title: 'b?ro??X: y' } })
    expect(letterFor('discord.com', { title: 't', lines: ['x'.repeat(5000)] }).body.length).toBeLessThan(2000)
  })
})

test('addresses', () => {
  for (const good of ['https://ntfy.sh/abc', 'http://10.0.0.2:8080/topic']) expect(addressFault(good)).toBeNull()
  for (const wrong of ['', 'ntfy.sh/abc', 'ftp://x/y', 'https://a:b@x/y', 'file:///etc/passwd'])
    expect(addressFault(wrong), wrong).not.toBeNull()
})

describe('telling', () => {
  test('nobody, when nobody is to be told', async () => {
    expect(await tell(message, path, async () => 'must not be asked')).toBeNull()
    writeFileSync(path, '{"url":')
    expect(await tell(message, path, async () => 'must not be asked')).toBeNull()
  })
  test('what does not arrive waits, and comes first the next time', async () => {
    await writeNotify({ url: new Secret('https://ntfy.sh/abc'), waiting: [] }, path)
    expect(await tell(message, path, async () => 'no network')).toBe('no network')
    const arrived: string[] = []
    const arrives = async (_: Secret, { title }: Message) => {
      arrived.push(title)
      return null
    }
    expect(await tell({ title: 'box: well again', lines: [] }, path, arrives)).toBeNull()
    expect(arrived).toEqual(['box: something fails', 'box: well again'])
    expect((await readNotify(path))?.waiting).toEqual([])
    await tell(null, path, arrives)
    expect(arrived).toHaveLength(2)
  })
  test('not everything waits for ever', async () => {
    await writeNotify({ url: new Secret('https://ntfy.sh/abc'), waiting: [] }, path)
    for (let count = 0; count < 50; count += 1) await tell({ title: String(count), lines: [] }, path, async () => 'no')
    expect((await readNotify(path))?.waiting.map(({ title }) => title)).toEqual(
      Array.from({ length: 20 }, (_, index) => String(30 + index)),
    )
  })
  test('over the wire', async () => {
    const got: unknown[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (part: Buffer) => (body += part.toString()))
      request.on('end', () => {
        got.push([request.method, request.url, request.headers['title'], body])
        response.writeHead(request.url === '/good' ? 200 : 403).end()
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await send(new Secret(`${root}/good`), message)).toBeNull()
    expect(await send(new Secret(`${root}/secret-topic`), message)).toBe('127.0.0.1 refuses it with code 403')
    expect(got[0]).toEqual(['POST', '/good', 'box: something fails', 'Fails: x: y'])
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    expect(await send(new Secret(`${root}/secret-topic`), message)).toBe('127.0.0.1 cannot be reached')
  })
})

describe('the command', () => {
  const run = async (words: string[], why: string | null = null) => {
    const said: string[] = []
    const code = await notifyCommand(
      words,
      text => void said.push(text),
      path,
      async () => why,
    )
    return { code, text: said.join('\n') }
  }
  test('keeps the address for root alone, and tries it', async () => {
    expect(await run(['https://ntfy.sh/abc'])).toEqual({ code: 0, text: 'A test message was sent. Has it arrived?' })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toContain('ntfy.sh/abc')
    expect((await run(['test'], 'ntfy.sh cannot be reached')).code).toBe(1)
    expect((await run(['off'])).code).toBe(0)
    expect((await run(['test'])).code).toBe(2)
  })
  test('refuses what is none', async () => {
    expect((await run(['nonsense'])).code).toBe(2)
    expect((await run([])).text).toContain('mediaserver notify ADDRESS')
    expect(await readNotify(path)).toBeNull()
  })
})
