// Users and groups of Debian 13 and Ubuntu 26.04 (base-passwd's master files, and the packages of the image). A group
// counts too: a user gets a group of the same name.
const taken = new Set(
  (
    'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody nogroup adm tty ' +
    'disk kmem dialout fax voice cdrom floppy tape sudo audio dip operator src shadow utmp video sasl plugdev staff ' +
    'users kvm render input sgx crontab netdev docker lxd rdma admin wheel messagebus polkitd sshd syslog tcpdump ' +
    'uuidd tss landscape fwupd-refresh usbmux dnsmasq avahi dhcpcd ntp chrony rtkit pulse plex ssl-cert ' +
    'systemd-journal systemd-network systemd-resolve systemd-timesync systemd-coredump systemd-oom'
  ).split(' '),
)

/** The name of the one person who logs in; the pattern is that of useradd(8). */
export function userFault(text: string): string | null {
  if (text === '') return 'The user name is missing. Type a short one, for instance your first name.'
  if (/[A-Z]/.test(text)) return 'Use small letters only.'
  if (/\s/.test(text)) return 'A user name cannot have spaces. Take one word.'
  if (text.includes('@')) return 'This is an e-mail address or has an @ in it. Type a short name without it.'
  if (/^[0-9-]/.test(text)) return 'A user name begins with a letter.'
  if (!/^[a-z_][a-z0-9_-]*$/.test(text))
    return 'A user name has only the letters a to z, digits, hyphens and underscores.'
  if (text.length > 32) return `A user name has at most 32 characters, this has ${text.length}. Make it shorter.`
  if (taken.has(text) || text.startsWith('systemd-') || text.startsWith('_'))
    return 'The system itself uses this name. Choose another one.'
  return null
}
