import * as z from 'zod/mini'
import type { Site } from '../changes/change.ts'
import type { Service } from '../stack/catalogue.ts'

const Line = z.object({ id: z.string(), tags: z.nullable(z.array(z.string())) })

/** The image IDs that Docker has for names, by name; a name that it does not have is left out. */
export async function imageIds(references: readonly string[], site: Site): Promise<ReadonlyMap<string, string>> {
  if (references.length === 0) return new Map()
  const format = '{"id":{{json .Id}},"tags":{{json .RepoTags}}}'
  // It fails when one is missing, and tells of all others nevertheless.
  const { stdout } = await site.attempt(['docker', 'image', 'inspect', '--format', format, ...references], {
    quiet: true,
  })
  const lines = stdout.split('\n').filter(line => line.startsWith('{'))
  return new Map(
    lines.flatMap(line => {
      const { id, tags } = Line.parse(JSON.parse(line))
      return (tags ?? []).filter(tag => references.some(each => sameName(each, tag))).map(tag => [tag, id] as const)
    }),
  )
}

// Docker leaves out the name of its own registry.
const shortName = (reference: string): string => reference.replace(/^docker\.io\/(library\/)?/, '')
const sameName = (one: string, other: string): boolean => shortName(one) === shortName(other)

/** Whether Docker has the very image that the catalogue names. */
export function hasImage(ids: ReadonlyMap<string, string>, service: Service): boolean {
  const id = [...ids].find(([name]) => sameName(name, service.image))?.[1]
  // Which of the two it is depends on Docker's image store.
  return id !== undefined && (id === service.configDigest || id === service.manifestDigest)
}
