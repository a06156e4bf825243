/** The tunnel's network interface inside the VPN container; qBittorrent uses no other. */
export const TUNNEL = 'wg0'
