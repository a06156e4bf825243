import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** One setting that can be asked for and changed over the network. */
interface Setting {
  readonly type: 'bool' | 'int' | 'text'
  readonly standard: string
  readonly label: string
  readonly enumValues?: string
}

/** The settings that are known; another one is refused. */
export const settings: Readonly<Record<string, Setting>> = {
  FriendlyName: { type: 'text', standard: '', label: 'Friendly name' },
  AcceptedEULA: { type: 'bool', standard: '0', label: 'Has the user accepted the EULA' },
  HardwareAcceleratedCodecs: { type: 'bool', standard: '0', label: 'Use hardware acceleration when available' },
  HardwareAcceleratedEncoders: { type: 'bool', standard: '1', label: 'Use hardware-accelerated video encoding' },
  HardwareDevicePath: { type: 'text', standard: '', label: 'Hardware transcoding device' },
  TranscoderToneMapping: { type: 'bool', standard: '1', label: 'Enable HDR tone mapping' },
  TranscoderTempDirectory: { type: 'text', standard: '', label: 'Transcoder temporary directory' },
  ManualPortMappingMode: { type: 'bool', standard: '0', label: 'Manually specify public port' },
  ManualPortMappingPort: { type: 'int', standard: '32400', label: 'Manual port mapping port' },
  secureConnections: {
    type: 'int',
    standard: '1',
    label: 'Secure connections',
    enumValues: '0:Required|1:Preferred|2:Disabled',
  },
  customConnections: { type: 'text', standard: '', label: 'Custom server access URLs' },
  LanNetworksBandwidth: { type: 'text', standard: '', label: 'LAN Networks' },
  allowedNetworks: { type: 'text', standard: '', label: 'Networks that are allowed without auth' },
  FSEventLibraryUpdatesEnabled: { type: 'bool', standard: '0', label: 'Scan my library automatically' },
  FSEventLibraryPartialScanEnabled: { type: 'bool', standard: '0', label: 'Run a partial scan when changes are found' },
  ScheduledLibraryUpdatesEnabled: { type: 'bool', standard: '0', label: 'Scan my library periodically' },
  autoEmptyTrash: { type: 'bool', standard: '1', label: 'Empty trash automatically after every scan' },
}

/** Whether a setting takes a value. */
export function accepts(name: string, value: string): boolean {
  const setting = settings[name]
  if (setting === undefined) return false
  if (setting.type === 'bool') return /^(0|1|true|false)$/.test(value)
  if (setting.type === 'text') return true
  const choices = setting.enumValues?.split('|').map(choice => choice.split(':')[0])
  return choices === undefined ? /^\d+$/.test(value) : choices.includes(value)
}

const unescape = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** `Preferences.xml`: one element with all values as attributes. Kept in memory; who edits it meanwhile has edited in vain. */
export class Preferences {
  readonly #path: string
  readonly #values: Map<string, string>

  constructor(path: string) {
    this.#path = path
    let text = '<Preferences/>'
    try {
      text = readFileSync(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    const body = /^(?:<\?xml[^>]*\?>)?\s*<Preferences((?:\s+[A-Za-z]+="[^"<]*")*)\s*\/>\s*$/.exec(text)?.[1]
    if (body === undefined) throw new Error('Preferences.xml is malformed')
    this.#values = new Map(
      [...body.matchAll(/([A-Za-z]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescape(value)]),
    )
    const machine = this.get('MachineIdentifier') ?? randomUUID()
    this.set('MachineIdentifier', machine)
    if (this.get('ProcessedMachineIdentifier') === undefined)
      this.set('ProcessedMachineIdentifier', createHash('sha1').update(`${machine}- Plex Media Server`).digest('hex'))
    this.save()
  }

  get(name: string): string | undefined {
    return this.#values.get(name)
  }

  set(name: string, value: string | undefined): void {
    if (value === undefined) this.#values.delete(name)
    else this.#values.set(name, value)
  }

  save(): void {
    const attributes = [...this.#values].map(([name, value]) => ` ${name}="${escape(value)}"`).join('')
    mkdirSync(dirname(this.#path), { recursive: true })
    writeFileSync(`${this.#path}.tmp`, `<?xml version="1.0" encoding="utf-8"?>\n<Preferences${attributes}/>\n`, {
      mode: 0o600,
    })
    renameSync(`${this.#path}.tmp`, this.#path)
  }
}
