import { parseSettings, type VpnSettings, vpnSettingsPath } from '../../vpn/settings.ts'
import type { Scene } from '../check.ts'

/** The settings of the tunnel; null when there are none, or only damaged ones. */
export function vpnSettingsOf({ root }: Pick<Scene, 'root'>): VpnSettings | null {
  const text = root.text(vpnSettingsPath)
  return text === null ? null : parseSettings(text)
}
