import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { ChangeFailure } from '../../../firstboot/apply/failure.ts'
import type { Answers } from '../../../firstboot/answers/answers.ts'
import type { Site } from '../../../firstboot/changes/change.ts'
import { type Catalogue, cataloguePath } from '../../../firstboot/stack/catalogue.ts'
import type { Ended, Follow } from '../../../firstboot/run.ts'
import { someAnswers } from '../plan-setup/answers.ts'

const ended = (code: number, stdout = '', stderr = ''): Ended => ({ code, stdout, stderr })

/** A container as `docker container inspect` tells of it. */
export interface FakeContainer {
  readonly status?: string
  readonly health?: string
  readonly error?: string
  readonly hash?: string
}

/** A machine with a Docker that does what tests say, and a folder that stands for its disk. */
export class FakeDocker {
  readonly root: string
  readonly site: Site
  readonly calls: string[] = []
  /** Image IDs by name. */
  readonly images = new Map<string, string>()
  /** What registries have: IDs by `repository@digest`. */
  readonly registry = new Map<string, string>()
  readonly containers = new Map<string, FakeContainer>()
  /** Called for every program before anything else; an answer stands for the program. */
  onCall: (argv: readonly string[]) => Ended | undefined | void = () => undefined
  /** What `docker load` makes of the bytes that it is fed. */
  onLoad: (bytes: number) => Ended = () => ended(0)

  private constructor(root: string, answers: Answers) {
    this.root = root
    const attempt: Site['attempt'] = async (argv, follow) => await this.#answer(argv, follow)
    const run: Site['run'] = async (argv, follow) => {
      const { code, stdout, stderr } = await attempt(argv, follow)
      if (code !== 0) throw new ChangeFailure(`${argv[0]} failed: ${stderr}`)
      return stdout
    }
    this.site = {
      answers,
      target: '',
      path: path => join(root, path),
      attempt,
      run,
      runInside: run,
      progress: () => {},
      signal: new AbortController().signal,
    }
  }

  static async open(catalogue: Catalogue, answers: Partial<Answers> = {}): Promise<FakeDocker> {
    const root = await mkdtemp(join(tmpdir(), 'fake-docker-'))
    onTestFinished(async () => await rm(root, { recursive: true, force: true }))
    const docker = new FakeDocker(root, { ...someAnswers, vpn: null, ...answers })
    await docker.write(cataloguePath, JSON.stringify(catalogue))
    return docker
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true })
    await writeFile(join(this.root, path), text)
  }

  async #answer(argv: readonly string[], follow: Follow = {}): Promise<Ended> {
    this.calls.push(argv.join(' '))
    const told = this.onCall(argv)
    if (told) return told
    const [program, verb, ...rest] = argv
    if (program !== 'docker') return ended(0)
    const names = rest.slice(3)
    if (verb === 'image' && rest[0] === 'inspect') {
      const lines = names.flatMap(name =>
        this.images.has(name) ? [JSON.stringify({ id: this.images.get(name), tags: [name] })] : [],
      )
      return ended(lines.length === names.length ? 0 : 1, lines.join('\n'))
    }
    if (verb === 'image' && rest[0] === 'rm') for (const name of rest.slice(2)) this.images.delete(name)
    if (verb === 'container' && rest[0] === 'inspect')
      return ended(0, names.flatMap(name => this.#container(name)).join('\n'))
    if (verb === 'ps') return ended(0, [...this.containers.keys()].join('\n'))
    if (verb === 'load') {
      let bytes = 0
      for await (const chunk of follow.input as AsyncIterable<Uint8Array>) bytes += chunk.length
      return this.onLoad(bytes)
    }
    if (verb === 'pull') {
      const id = this.registry.get(rest.at(-1) ?? '')
      return id === undefined ? ended(1, '', 'Error response from daemon: connection refused') : ended(0)
    }
    if (verb === 'tag') this.images.set(rest[1] ?? '', this.registry.get(rest[0] ?? '') ?? '')
    return ended(0)
  }

  #container(name: string): string[] {
    const found = this.containers.get(name)
    if (found === undefined) return []
    const { status = 'running', health = 'healthy', error = '', hash = 'h' } = found
    return [
      JSON.stringify({
        Id: `id-of-${name}`,
        Name: `/${name}`,
        State: { Status: status, Error: error, Health: { Status: health } },
        Config: { Labels: { 'com.docker.compose.config-hash': hash } },
      }),
    ]
  }
}
