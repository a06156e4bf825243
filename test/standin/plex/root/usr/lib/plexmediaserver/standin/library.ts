import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One library. */
export interface Section {
  readonly key: string
  readonly type: string
  readonly title: string
  readonly agent: string
  readonly scanner: string
  readonly language: string
  readonly uuid: string
  readonly locations: readonly string[]
  /** Files that scans have found. */
  readonly files: readonly string[]
}

/** Agents by the kind of library that they serve, each with the scanners that go with it. */
export const agents: Readonly<Record<string, { readonly type: string; readonly scanners: readonly string[] }>> = {
  'tv.plex.agents.movie': { type: 'movie', scanners: ['Plex Movie'] },
  'tv.plex.agents.series': { type: 'show', scanners: ['Plex TV Series'] },
  'tv.plex.agents.none': { type: 'movie', scanners: ['Plex Movie', 'Plex Video Files'] },
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** The libraries, kept in a file as the real ones are in a database. */
export class Library {
  readonly #path: string
  readonly #root: string
  #sections: Section[]

  constructor(path: string, root = '') {
    this.#path = path
    this.#root = root
    this.#sections = statSync(path, { throwIfNoEntry: false })
      ? (JSON.parse(readFileSync(path, 'utf8')) as Section[])
      : []
  }

  get sections(): readonly Section[] {
    return this.#sections
  }

  find(key: string): Section | undefined {
    return this.#sections.find(section => section.key === key)
  }

  /** Makes a library; undefined where the real one answers 400. */
  add(asked: URLSearchParams): Section | undefined {
    const field = (name: string): string => asked.get(name) ?? ''
    const agent = Object.hasOwn(agents, field('agent')) ? agents[field('agent')] : undefined
    const locations = asked.getAll('location')
    if (field('name') === '' || agent === undefined || agent.type !== field('type')) return undefined
    if (!agent.scanners.includes(field('scanner'))) return undefined
    if (!/^[a-z]{2,3}(-[A-Z]{2})?$/.test(field('language'))) return undefined
    if (locations.length === 0 || !locations.every(path => path.startsWith('/') && isFolder(`${this.#root}${path}`)))
      return undefined
    const section = {
      key: String(1 + Math.max(0, ...this.#sections.map(({ key }) => Number(key)))),
      type: field('type'),
      title: field('name'),
      agent: field('agent'),
      scanner: field('scanner'),
      language: field('language'),
      uuid: randomUUID(),
      locations,
      files: [],
    }
    this.#sections.push(section)
    this.#save()
    return section
  }

  /** Looks for files in a library, or in one folder of it. */
  scan(section: Section, below?: string): void {
    const inside = (path: string) => below === undefined || path === below || path.startsWith(`${below}/`)
    const found = section.locations.flatMap(location =>
      readdirSync(`${this.#root}${location}`, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => join(entry.parentPath, entry.name).slice(this.#root.length)),
    )
    const files = [...section.files.filter(path => !inside(path)), ...found.filter(inside)].sort()
    this.#sections = this.#sections.map(each => (each.key === section.key ? { ...section, files } : each))
    this.#save()
  }

  remove(key: string): void {
    this.#sections = this.#sections.filter(section => section.key !== key)
    this.#save()
  }

  #save(): void {
    writeFileSync(this.#path, JSON.stringify(this.#sections))
  }
}
