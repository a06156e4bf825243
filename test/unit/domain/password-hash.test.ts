import { expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { siteMaker } from '../../../firstboot/apply/site.ts'
import { hashPassword } from '../../../firstboot/domain/password-hash.ts'
import { someAnswers } from '../plan-setup/answers.ts'

test('the hash of a password is not told to everybody who follows a set-up', async () => {
  const told: string[] = []
  const makeSite = siteMaker({ ...someAnswers, systemDisk: 'x' }, false, new AbortController().signal)
  const site = makeSite({ progress: () => {}, log: line => void told.push(line) })
  expect(await hashPassword(new Secret('kaffee-tasse-99'), site)).toMatch(/^\$2b\$10\$.{53}$/)
  expect(told).toEqual([])
})
