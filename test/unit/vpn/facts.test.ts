import { expect, test } from 'vitest'
import { parseTunnel } from '../../../firstboot/vpn/facts.ts'

const dump = (handshake: number) =>
  ['key\tpublic\t51820\toff', `peer\t(none)\t203.0.113.51:51820\t0.0.0.0/0\t${handshake}\t4000\t3000\t25`].join('\n')

test('the tunnel is read with the age of its last handshake', () => {
  expect(parseTunnel(dump(1000), 1012.4)).toEqual({
    endpoint: '203.0.113.51:51820',
    handshakeAge: 12,
    receivedBytes: 4000,
    sentBytes: 3000,
  })
  expect(parseTunnel(dump(0), 1000)?.handshakeAge).toBeNull()
  expect(parseTunnel('key\tpublic\t51820\toff', 1000)).toBeNull()
})

test('a handshake of the future proves nothing, but two clocks may differ by a moment', () => {
  expect(parseTunnel(dump(5000), 1000)?.handshakeAge).toBeNull()
  expect(parseTunnel(dump(1001), 1000)?.handshakeAge).toBe(0)
})
