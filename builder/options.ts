import { parseArgs } from 'node:util'
import { UserError } from './shared/errors.ts'

/** What a build can be told on the command line. */
export interface BuildOptions {
  readonly base?: string
  readonly flavour: 'core' | 'full'
  readonly sources: 'online' | 'standin'
  readonly out: string
  readonly mirror?: string
  /** Only what the committed lock names; fails where that cannot be had. */
  readonly locked: boolean
  /** Ask the archive for its newest packages first. */
  readonly update: boolean
  /** The image is for others: it holds nothing that its builder may not hand on. */
  readonly publish: boolean
}

const oneOf = <T extends string>(name: string, value: string, allowed: readonly T[]): T => {
  const found = allowed.find(candidate => candidate === value)
  if (found === undefined)
    throw new UserError(`--${name} does not know "${value}".`, `Use one of: ${allowed.join(', ')}.`)
  return found
}

/** Reads the options that all building commands share; throws `UserError` for an unknown one. */
export function parseBuildOptions(args: readonly string[], env: NodeJS.ProcessEnv): BuildOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        base: { type: 'string' },
        flavour: { type: 'string', default: 'full' },
        sources: { type: 'string', default: 'online' },
        out: { type: 'string', default: 'out' },
        mirror: { type: 'string' },
        locked: { type: 'boolean', default: false },
        update: { type: 'boolean', default: false },
        publish: { type: 'boolean', default: false },
      },
    })
    const mirror = values.mirror ?? env['MEDIASERVER_MIRROR']
    return {
      ...(values.base === undefined ? {} : { base: values.base }),
      flavour: oneOf('flavour', values.flavour, ['core', 'full']),
      sources: oneOf('sources', values.sources, ['online', 'standin']),
      out: values.out,
      ...(mirror === undefined || mirror === '' ? {} : { mirror }),
      locked: values.locked,
      update: values.update,
      publish: values.publish,
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(
      (error as Error).message,
      'Options: --base B, --flavour full|core, --sources online|standin, --out DIR, --mirror URL, --locked, --update, --publish',
    )
  }
}
