import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { openHttp } from '../../../firstboot/wiring/http.ts'

const { signal } = new AbortController()
let close = () => Promise.resolve()
afterEach(async () => await close())

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString())).on('end', () => answer(request, response, body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  close = async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('secrets are opened on the way out, in headers, JSON and forms', async () => {
  const seen: string[] = []
  const url = await serve((request, response, body) => {
    seen.push(`${request.headers['content-type']} ${String(request.headers['x-api-key'])} ${body}`)
    response.end('{}')
  })
  const http = openHttp()
  const headers = { 'X-Api-Key': new Secret('key') }
  await http({ method: 'POST', url, headers, json: { a: [new Secret('s')], b: 1 } }, signal)
  await http(
    {
      method: 'POST',
      url,
      headers,
      form: [
        ['p', new Secret('a&b ü')],
        ['p', 'c'],
      ],
    },
    signal,
  )
  expect(seen).toEqual([
    'application/json key {"a":["s"],"b":1}',
    'application/x-www-form-urlencoded key p=a%26b+%C3%BC&p=c',
  ])
})

test('a question is asked again while a program starts, an order is not', async () => {
  let count = 0
  const url = await serve((request, response) => {
    count += 1
    if (count < 3) request.socket.destroy()
    else response.end('up')
  })
  expect(await openHttp()({ method: 'GET', url }, signal)).toMatchObject({ status: 200, text: 'up' })
  count = 0
  expect(await openHttp()({ method: 'POST', url, json: {} }, signal)).toEqual({
    unreachable: 'it dropped the connection',
  })
  expect(count).toBe(1)
})

test('what does not answer has an end, and who stops need not wait for it', async () => {
  const url = await serve(() => {})
  expect(await openHttp(300)({ method: 'GET', url }, signal)).toEqual({ unreachable: 'nothing came for 1 seconds' })
  const stop = new AbortController()
  const asked = openHttp()({ method: 'GET', url }, stop.signal)
  stop.abort(new Error('stopped'))
  await expect(asked).rejects.toThrow('stopped')
})

test('an emulated processor gets more time, for questions that have a deadline of their own, too', async () => {
  const url = await serve((_, response) => setTimeout(() => response.end('{}'), 400))
  const question = { method: 'POST', url, deadlineMilliseconds: 100 } as const
  expect(await openHttp()(question, signal)).toHaveProperty('unreachable')
  expect(await openHttp(15_000, 20)(question, signal)).toMatchObject({ status: 200 })
})

test('nobody there, and half an answer', async () => {
  const url = await serve((request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('half')
    setTimeout(() => request.socket.destroy(), 50)
  })
  expect(await openHttp()({ method: 'POST', url }, signal)).toEqual({ unreachable: 'it dropped the connection' })
  await close()
  close = () => Promise.resolve()
  expect(await openHttp()({ method: 'GET', url }, signal)).toEqual({ unreachable: 'nobody is there' })
})
