import { expect, test } from 'vitest'
import { parseCredentials } from '../../../firstboot/credentials.ts'

test('passwords are read, and what is damaged is none', () => {
  const text = '{"console":{"user":"anna","password":"abcd"},"sonarr":{"user":"anna","password":"x"}}'
  expect(Object.keys(parseCredentials(text) ?? {})).toEqual(['console', 'sonarr'])
  for (const damaged of ['', '{', '[]', '{"console":{"user":"anna"}}', '{"console":"abcd"}', text.slice(0, 20)])
    expect(parseCredentials(damaged)).toBeNull()
})
