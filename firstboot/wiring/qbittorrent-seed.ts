import { createHash, pbkdf2Sync } from 'node:crypto'
import type { Login } from '../stack/keys.ts'
import { categoryFolders, downloadFolders, shareLimits } from './downloads.ts'
import { iniFile } from './ini.ts'

/** What the first settings of qBittorrent depend on. */
export interface QbittorrentFacts {
  readonly login: Login
  /** Name of the machine, without its domain. */
  readonly hostname: string
  /** The tunnel's network interface; without it qBittorrent opens no socket. */
  readonly tunnel: string
}

/**
 * A password as qBittorrent keeps it: PBKDF2 with HMAC-SHA512, 100 000 rounds, a salt of 16 bytes and 64 bytes of key
 * (base/utils/password.cpp). The salt comes from the password itself, which is random: so the same facts give the same file.
 */
function passwordHash(password: string): string {
  const salt = createHash('sha256').update(`salt of ${password}`).digest().subarray(0, 16)
  const key = pbkdf2Sync(password, salt, 100_000, 64, 'sha512')
  return `@ByteArray(${salt.toString('base64')}:${key.toString('base64')})`
}

/** The first `qBittorrent.conf`. Pure. */
export function qbittorrentConf({ login, hostname, tunnel }: QbittorrentFacts): string {
  const settings = iniFile({
    LegalNotice: { Accepted: true },
    // From this version of its settings on, qBittorrent brings them up to date by itself.
    Meta: { MigrationVersion: 8 },
    Network: { PortForwardingEnabled: false },
    BitTorrent: {
      'Session\\DefaultSavePath': downloadFolders.complete,
      'Session\\TempPath': downloadFolders.incomplete,
      'Session\\TempPathEnabled': true,
      'Session\\DisableAutoTMMByDefault': false,
      'Session\\Interface': tunnel,
      'Session\\InterfaceName': tunnel,
      'Session\\Port': 6881,
      'Session\\GlobalMaxRatio': shareLimits.ratio,
      'Session\\GlobalMaxSeedingMinutes': shareLimits.minutes,
      // Sonarr and Radarr refuse a client that removes what they have not fetched yet. The second is its older name.
      'Session\\ShareLimitAction': 'Stop',
      'Session\\MaxRatioAction': 0,
      'Session\\QueueingSystemEnabled': true,
      'Session\\MaxActiveDownloads': 3,
      'Session\\MaxActiveUploads': 5,
      'Session\\MaxActiveTorrents': 8,
      'Session\\DHTEnabled': true,
      'Session\\PeXEnabled': true,
      'Session\\LSDEnabled': false,
      ExcludedFileNamesEnabled: true,
      'Session\\ExcludedFileNames': ['*.exe', '*.scr', '*.lnk', '*.bat', '*.cmd', '*.com', '*.vbs', '*.msi', '*.ps1'],
    },
    Preferences: {
      'WebUI\\Address': '*',
      'WebUI\\Port': 8080,
      'WebUI\\Username': login.user,
      'WebUI\\LocalHostAuth': true,
      'WebUI\\AuthSubnetWhitelistEnabled': false,
      'WebUI\\HostHeaderValidation': true,
      'WebUI\\ServerDomains': ['localhost', 'nordlynx', hostname, `${hostname}.local`].join(';'),
      'WebUI\\CSRFProtection': true,
      'WebUI\\ClickjackingProtection': true,
      'WebUI\\MaxAuthenticationFailCount': 5,
      'WebUI\\BanDuration': 3600,
      'WebUI\\UseUPnP': false,
    },
  })
  // Not a text of Qt but a value of another type, so it is not escaped; base64 needs nothing but the quotes.
  return `${settings}WebUI\\Password_PBKDF2="${passwordHash(login.password.reveal())}"\n`
}

/** The first `categories.json`: where the downloads of each program go. Pure. */
export const qbittorrentCategories = (): string =>
  `${JSON.stringify(
    Object.fromEntries(Object.entries(categoryFolders).map(([name, folder]) => [name, { save_path: folder }])),
    null,
    4,
  )}\n`
