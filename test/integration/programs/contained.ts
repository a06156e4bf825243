import { buildMode } from '../../../builder/archive/requests.ts'
import { rootCommand, RootParams } from '../../../builder/steps/root-command.ts'

/**
 * The root step's own way to start mmdebstrap, with a shell script in its place; `$0` is the mark. Without root it is still
 * mmdebstrap that makes the namespaces, and the script runs as another user: let it write beside the mark.
 */
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
    plex: { install: 'first-boot', signed: false, repository: false },
  })
  const paths = {
    archive: 'a',
    overlay: 'o',
    node: 'n',
    squashfs: 'q',
    boot: 'b',
    temporary: 't',
    sourcesList: 'l',
    plex: { archive: 'p', sources: 's', key: 'k' },
  }
  const mode = buildMode()
  const { argv } = rootCommand(params, paths, mode)
  const before = argv.slice(0, argv.indexOf('mmdebstrap') + (mode === 'root' ? 0 : 1))
  const helper = mode === 'root' ? [] : ['--unshare-helper']
  return [...before, ...helper, 'sh', '-c', script, mark] as string[] as [string, ...string[]]
}
