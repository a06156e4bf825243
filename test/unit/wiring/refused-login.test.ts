import { expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import type { Site } from '../../../firstboot/changes/change.ts'
import { guardLogin, loginMark, refusedLoginPath } from '../../../firstboot/wiring/refused-login.ts'
import { someAnswers } from '../plan-setup/answers.ts'
import { aRoot } from '../verify/a-scene.ts'

const login = { user: 'anna', password: new Secret('made-up') }
const other = { ...login, password: new Secret('another') }
const settings = (hash: string, more = '') =>
  `[Preferences]\nWebUI\\Username=anna\nWebUI\\Password_PBKDF2="@ByteArray(${hash})"\n${more}`
const mark = loginMark(login, settings('one'))

/** A machine whose qBittorrent has such settings, and what is noted there. */
function machine() {
  const files: Record<string, string> = {}
  const attempt: Site['attempt'] = async (argv, follow = {}) => {
    const path = argv.at(-1) ?? ''
    if (argv[0] === 'rm') Reflect.deleteProperty(files, path)
    else files[path] = String(follow.input)
    return { code: 0, stdout: '', stderr: '' }
  }
  const ports = (hash: string) => ({
    root: aRoot({ ...files, '/home/anna/mediaserver/config/qbittorrent/qBittorrent/qBittorrent.conf': settings(hash) }),
    answers: { ...someAnswers, user: 'anna' },
    attempt,
  })
  return { files, guard: (password = login, hash = 'one') => guardLogin(password, ports(hash)) }
}

test('a login that was refused is known again until either side has another password', () => {
  expect(loginMark(login, settings('one', 'WebUI\\Port=8080\n'))).toBe(mark)
  expect(loginMark(login, settings('two'))).not.toBe(mark)
  expect(loginMark(other, settings('one'))).not.toBe(mark)
  expect(loginMark(login, null)).not.toBe(mark)
  expect(mark).not.toContain('made-up')
})

test('it is spared by every later run, until either side has another password', async () => {
  const { guard } = machine()
  expect(guard().spared).toBe(false)
  await guard().refused()
  expect(guard().spared).toBe(true)
  expect(guard(other).spared).toBe(false)
  expect(guard(login, 'two').spared).toBe(false)
})

test('one that is let in again is noted no more', async () => {
  const { guard, files } = machine()
  await guard().refused()
  expect(Object.keys(files)).toEqual([refusedLoginPath])
  await guard().accepted()
  expect(files).toEqual({})
  expect(guard().spared).toBe(false)
})
