import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generateSchemas } from '../../../builder/recipe/json-schema.ts'

const project = new URL('../../../', import.meta.url)

for (const [file, text] of Object.entries(generateSchemas())) {
  test(`${file} is fresh (npm run schema makes it so)`, () => {
    expect(readFileSync(new URL(file, project), 'utf8')).toBe(text)
  })

  test(`${file} describes every field`, () => {
    const bare: string[] = []
    const walk = (node: unknown, path: string): void => {
      if (node === null || typeof node !== 'object') return
      for (const [key, field] of Object.entries((node as { properties?: object }).properties ?? {})) {
        if ((field as { description?: string }).description === undefined) bare.push(`${path}.${key}`)
      }
      for (const [key, inner] of Object.entries(node)) walk(inner, `${path}.${key}`)
    }
    walk(JSON.parse(text), '')
    expect(bare).toEqual([])
  })
}
