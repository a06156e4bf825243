import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Capture } from '../internet/capture.ts'
import { Space } from '../internet/space.ts'

const HERE = '203.0.113.7'
const THERE = '203.0.113.8'
const BURST = 2000

let folder: string
let sender: Space
let receiver: Space

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ms-capture-'))
  sender = await Space.open('sender')
  receiver = await Space.open('receiver', sender)
  await sender.link('eth0', receiver, 'eth0')
  await sender.address('eth0', `${HERE}/24`)
  await receiver.address('eth0', `${THERE}/24`)
})

afterAll(async () => {
  await sender?.[Symbol.asyncDispose]()
  await receiver?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const send = `
  const { createSocket } = require('node:dgram')
  const socket = createSocket('udp4')
  let left = ${BURST}
  for (let i = 0; i < ${BURST}; i++) socket.send('x'.repeat(1200), 9, '${THERE}', () => --left || socket.close())`

test('a burst that comes while nobody reads is written down whole', async () => {
  const capture = await Capture.start(receiver, 'eth0', join(folder, 'burst.pcap'))
  capture.signal('SIGSTOP')
  await sender.run(process.execPath, '-e', send)
  await delay(200)
  capture.signal('SIGCONT')
  const packets = (await capture.packets()).filter(({ protocol, port }) => protocol === 'udp' && port === 9)
  expect(packets).toHaveLength(BURST)
  await capture.stop()
})
