import { buildMode } from '../../../builder/archive/requests.ts'
import { rootCommand, RootParams } from '../../../builder/steps/root-command.ts'

/** The root step's own way to start mmdebstrap, with a shell script in its place; `$0` is the mark. */
export function contained(script: string, mark: string): [string, ...string[]] {
  const params = RootParams.parse({
    suite: 's',
    packages: ['p'],
    disable: [],
    system: { hostname: 'h', locale: 'l', timezone: 't', keyboard: 'k' },
    sources: '',
    epoch: 0,
    compressionLevel: 1,
    shim: '/s',
    mokManager: '/m',
    signedGrub: '/g',
  })
  const paths = { archive: 'a', overlay: 'o', node: 'n', squashfs: 'q', boot: 'b', temporary: 't', sourcesList: 'l' }
  const { argv } = rootCommand(params, paths, buildMode())
  return [...argv.slice(0, argv.indexOf('mmdebstrap')), 'sh', '-c', script, mark] as string[] as [string, ...string[]]
}
