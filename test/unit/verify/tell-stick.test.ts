import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { notesFor } from '../../../firstboot/apply/report.ts'
import { firstVerificationPath } from '../../../firstboot/apply/places.ts'
import { findReturnedStick } from '../../../firstboot/config-partition/find.ts'
import type { Changes } from '../../../firstboot/config-partition/folder.ts'
import { openRoot, type Root } from '../../../firstboot/root.ts'
import { isOfThisMachine, type Stick, stickFiles, tellStick } from '../../../firstboot/verify/tell-stick.ts'
import { parseVerification } from '../../../firstboot/verify/verification.ts'
import { verification } from '../firstboot/applying.ts'
import { someAnswers } from '../plan-setup/answers.ts'

let place = ''
let root: Root
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'tell-'))
  root = openRoot(place)
  mkdirSync(dirname(join(place, firstVerificationPath)), { recursive: true })
  writeFileSync(join(place, firstVerificationPath), '')
})
afterEach(() => rmSync(place, { recursive: true, force: true }))

/** A stick with a report; null is a machine without a stick. */
function aStick(report: string | null, complaints: readonly string[] = []) {
  const written: Changes[] = []
  const left: string[] = []
  const stick: Stick = {
    partition: {
      read: async () => ({
        names: report === null ? [] : ['README.txt', 'Result.TXT'],
        answersName: null,
        answersText: null,
        authorizedKeys: [],
        notes: report === null ? ['The stick is no longer in the machine.'] : [],
      }),
      write: async changes => {
        written.push(changes)
        return complaints
      },
    },
    text: name => (name === 'Result.TXT' ? (report ?? '') : ''),
    leave: async () => void left.push('left'),
  }
  return { stick, written, left }
}
const ours = 'WHERE IT IS\r\n  SSH: ssh anna@mediaserver.local\r\n'
const tell = async (...sticks: Stick[]) => (await tellStick(root, someAnswers, verification, sticks)).join(' ')

test('the first verification is written on the stick of this machine, once', async () => {
  const other = aStick('SSH: ssh bob@mediaserver.local')
  const { stick, written, left } = aStick(ours)
  expect(await tell(aStick(null).stick, other.stick, stick)).toContain('VERIFY.txt')
  expect(written.map(({ files, remove }) => [files.map(({ name }) => name), remove])).toEqual([
    [['VERIFY.txt', 'verify.json'], []],
  ])
  expect(other.written).toEqual([])
  // A stick that stays mounted cannot be pulled out.
  expect([left.length, other.left.length]).toEqual([1, 1])
  expect(existsSync(join(place, firstVerificationPath))).toBe(false)
  expect(await tell(stick)).toBe('')
  expect(written).toHaveLength(1)
})

test('without the stick it is said where the result is', async () => {
  expect(await tell(aStick(null).stick)).toContain('mediaserver status')
})

test('what did not work is told', async () => {
  expect(await tell(aStick(ours, ['The stick is write-protected.']).stick)).toBe('The stick is write-protected.')
})

test('a later verification tells the stick nothing', async () => {
  rmSync(join(place, firstVerificationPath))
  const { stick, written } = aStick(ours)
  expect(await tell(stick)).toBe('')
  expect(written).toEqual([])
})

test('what is written, for people and for programs', () => {
  const [text, json] = stickFiles(verification)
  expect(text?.data.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(text?.data).toContain('Mend: Give the folder to the services')
  expect(parseVerification(json?.data ?? '')).toEqual(verification)
})

test('a report of this machine is known by its user and its name', () => {
  expect(isOfThisMachine(ours, someAnswers)).toBe(true)
  for (const text of ['', 'anna@mediaserver.local.example', 'xanna@mediaserver.local', 'anna@mediaserver'])
    expect(isOfThisMachine(text, someAnswers)).toBe(false)
})

test('a stick that has come back is found by its part CONFIG, and only on USB', () => {
  const config = { name: 'sdb3', path: '/dev/sdb3', type: 'part', size: 1, fstype: 'vfat', partlabel: 'CONFIG' }
  const disk = (tran: string) => ({ name: 'sdb', path: '/dev/sdb', type: 'disk', size: 1, tran, children: [config] })
  expect(findReturnedStick([disk('usb')])).toEqual({ path: '/dev/sdb3', fileSystem: 'vfat' })
  expect(findReturnedStick([disk('sata')])).toHaveProperty('note')
  expect(findReturnedStick([])).toHaveProperty('note')
})

test('the report of an installation promises nothing that was not seen', () => {
  for (const mode of ['install', 'in-place'] as const) {
    const text = notesFor(mode).join(' ')
    expect(text).toContain('Nothing is proven yet')
    expect(text.includes('Pull out the stick')).toBe(mode === 'install')
  }
})
