import { configFolder } from '../../stack/folders.ts'
import { CLIENT } from '../../vpn/supervisor/look.ts'
import { TUNNEL } from '../../wiring/tunnel.ts'
import type { Check, Finding } from '../check.ts'
import { failed, nothing, passed } from '../finding.ts'

/** Which interface qBittorrent uses, by the text of its settings, which it writes whenever one of them is changed. Pure. */
export function judgeBound(settings: string | null): Finding {
  if (settings === null) return failed('qbittorrent-unbound', 'The settings of qBittorrent are not there.')
  const section = /^\[BitTorrent\]\s*$([^]*?)(?=^\[|(?![^]))/m.exec(settings)?.[1] ?? ''
  const bound = /^Session\\Interface=(.*)$/m.exec(section)?.[1]?.trim() ?? ''
  if (bound === TUNNEL) return passed(`qBittorrent opens sockets on ${TUNNEL} only.`)
  const words = bound === '' ? 'any interface' : bound
  return failed('qbittorrent-unbound', `qBittorrent uses ${words}, and should use ${TUNNEL} only.`)
}

/** The second lock. */
export const bound: Check = {
  id: 'vpn-bound',
  section: 'VPN',
  title: 'qBittorrent uses only the tunnel',
  how: 'Reads from the settings of qBittorrent which network interface it is bound to.',
  seconds: 5,
  run: async ({ answers, root }) =>
    answers.vpn === null
      ? nothing('There is no VPN on this machine.')
      : judgeBound(root.text(`${configFolder(answers.user, CLIENT)}/qBittorrent/qBittorrent.conf`)),
}
