import type { Answers } from '../../../firstboot/answers/answers.ts'
import { Secret } from '../../../firstboot/answers/secret.ts'

/** Answers of somebody with one SSD; tests change what they are about. */
export const someAnswers: Answers = {
  language: 'en_US.UTF-8',
  keyboard: 'us',
  timezone: 'Europe/Berlin',
  network: { mode: 'dhcp' },
  wifi: null,
  systemDisk: '',
  media: [],
  hostname: 'mediaserver',
  user: 'anna',
  sshKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f anna@laptop'],
  vpn: { credential: { kind: 'token', value: new Secret('c0ffee'.repeat(10) + 'dead') }, country: 'Sweden' },
  domain: null,
  services: [],
  plexClaim: null,
}
