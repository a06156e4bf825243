import { sshKey, sshKeys } from './keys.ts'

/** Every secret of `fullYaml`. */
export const secrets = {
  wifi: 'wifi-canary-5up3r',
  token: '0123456789abcdef'.repeat(4),
  apiKey: 'pk1_canary_a1b2c3d4',
  secretApiKey: 'sk1_canary_e5f6a7b8',
  claim: 'claim-CaNaRyCaNaRyCaNaRy00',
} as const

/** Answers with everything in them. */
export const fullYaml = `# my notes
unattended: true
language: de_DE.UTF-8
keyboard: de
timezone: Europe/Berlin
hostname: films # the box in the hall
user: anna
sshKeys:
  - ${sshKey}
network:
  mode: static
  interface: enp1s0
  address: 192.168.1.20/24
  gateway: 192.168.1.1
  dns: [192.168.1.1, "2606:4700::1111"]
wifi:
  name: 'Home: 5 GHz'
  password: ${secrets.wifi}
  country: DE
disks:
  system:
    serial: 0123456
    erase: true
  media:
    - serial: WD-CA1L3PG
      use: keep
    - { serial: 1E5, use: erase, erase: true }
vpn:
  token: "${secrets.token}"
  country: Sweden
domain:
  name: films.example.com
  provider: porkbun
  credentials:
    api_key: ${secrets.apiKey}
    secret_api_key: '${secrets.secretApiKey}'
  email: anna@example.com
services: [bazarr]
plexClaim: ${secrets.claim}
`

/** A second key, as the file beside would have it. */
export const authorizedKeys = `# laptop\r\n\r\n${sshKeys[1].line}\r\n`
