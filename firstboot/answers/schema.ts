import * as z from 'zod/mini'
import { addressFault, dnsFault, gatewayFault, interfaceFault } from './rules/address.ts'
import { providerFault, providers } from './rules/ddns.ts'
import { serialFault } from './rules/disk.ts'
import { domainFault, emailFault } from './rules/domain.ts'
import { hostnameFault } from './rules/hostname.ts'
import { plexClaimFault } from './rules/plex.ts'
import type { Rule } from './rules/rule.ts'
import { optionalServices, serviceFault } from './rules/services.ts'
import { sshKeyFault } from './rules/ssh-key.ts'
import { userFault } from './rules/user.ts'
import { tokenFault, vpnCountryFault, wireguardKeyFault } from './rules/vpn.ts'
import { wifiCountryFault, wifiNameFault, wifiPasswordFault } from './rules/wifi.ts'

// The shape of `mediaserver.yaml`. Every value is a text here (text/yaml-tree.ts), and each may be left empty. Editors
// and the template on CONFIG show the descriptions;
// `example` is what the template writes.

interface About {
  readonly description: string
  readonly example?: string
}

const about = ({ description, example }: About) =>
  z.meta({ description, ...(example === undefined ? {} : { examples: [example] }) })

const checked = (rule: Rule) =>
  z.superRefine<string>((value, context) => {
    const fault = value.trim() === '' ? null : rule(value)
    if (fault !== null) context.addIssue({ code: 'custom', message: fault })
  })

const trimmed =
  (rule: Rule): Rule =>
  value =>
    rule(value.trim())

// Blanks may be part of a Wi-Fi name or password; of nothing else.
const exactText = (is: About, rule: Rule) => z.optional(z.nullable(z.string().check(checked(rule))).check(about(is)))
const text = (is: About, rule: Rule = () => null) => exactText(is, trimmed(rule))
const item = (rule: Rule) => z.nullable(z.string().check(checked(trimmed(rule))))
const flag = ({ description, example }: About) =>
  z.optional(
    z
      .nullable(z.enum(['true', 'false']))
      .check(z.meta({ description, ...(example === undefined ? {} : { examples: [example === 'true'] }) })),
  )

const section = <Shape extends Record<string, z.ZodMiniType>>(description: string, shape: Shape) =>
  z.optional(z.nullable(z.strictObject(shape)).check(about({ description })))

const list = <Item extends z.ZodMiniType>(is: About, each: Item) =>
  z.optional(z.nullable(z.array(each)).check(about(is)))

const credentialsWords = `What the provider wants, each in a line of its own below this one, further in. SECRET. ${providers
  .map(({ id, fields }) => `${id}: ${fields.map(({ name }) => name).join(', ')}`)
  .join('; ')}.`

/** The shape of `mediaserver.yaml`. What depends on the machine or on several values is judged in `from-tree.ts`. */
export const AnswersFile = z
  .strictObject({
    unattended: flag({
      description:
        'true: set the machine up with these answers without asking, after a countdown. Needs every answer, and erase: true at each disk that is to be erased.',
      example: 'false',
    }),
    language: text({ description: 'Language and formats.', example: 'en_US.UTF-8' }),
    keyboard: text({ description: 'Keyboard layout, mostly the two letters of a country.', example: 'us' }),
    timezone: text({ description: 'Time zone: region and city.', example: 'Europe/Berlin' }),
    hostname: text(
      { description: 'Name of the machine in your network; you reach it as NAME.local.', example: 'mediaserver' },
      hostnameFault,
    ),
    user: text({ description: 'Your name on the machine, short and in small letters.', example: 'anna' }, userFault),
    sshKeys: list(
      {
        description:
          'Who may log in over the network: public SSH keys, one a line. Or put a file authorized_keys beside this one.',
      },
      item(sshKeyFault),
    ),
    network: section('Network by cable. dhcp is right unless you know that you need a fixed address.', {
      mode: z.optional(
        z.nullable(z.enum(['dhcp', 'static'])).check(
          about({
            description: 'dhcp (by itself) or static; static needs the four lines below it.',
            example: 'dhcp',
          }),
        ),
      ),
      interface: text({ description: 'Which connection, as the first screen names it.' }, interfaceFault),
      address: text({ description: 'Address with its prefix length, as in 192.168.1.20/24.' }, addressFault),
      gateway: text({ description: 'Address of the router.' }, gatewayFault),
      dns: list({ description: 'Addresses of DNS servers, as in [192.168.1.1].' }, item(dnsFault)),
    }),
    wifi: section('Wi-Fi, if there is no cable. Or: wifi: none', {
      name: exactText({ description: 'Name of the network.' }, wifiNameFault),
      password: exactText({ description: 'Its password. SECRET' }, wifiPasswordFault),
      country: text(
        { description: 'Two letters of the country you are in: it decides which channels are allowed.', example: 'DE' },
        wifiCountryFault,
      ),
    }),
    disks: section('Disks are named by their whole serial number, which is on their label and on the first screen.', {
      system: section('The disk that the system is installed on. EVERYTHING ON IT WILL BE ERASED.', {
        serial: text({ description: 'Its serial number.' }, serialFault),
        erase: flag({ description: 'true: yes, erase this disk. Without it you are asked.', example: 'false' }),
      }),
      media: list(
        {
          description:
            'Disks for films. use: keep (nothing on it is changed), erase (needs erase: true too) or ignore.',
        },
        z.nullable(
          z.strictObject({
            serial: text({ description: 'Its serial number.' }, serialFault),
            use: z.optional(
              z
                .nullable(z.enum(['keep', 'erase', 'ignore']))
                .check(about({ description: 'keep, erase or ignore.', example: 'keep' })),
            ),
            erase: flag({ description: 'true: yes, erase this disk. Only together with use: erase.' }),
          }),
        ),
      ),
    }),
    vpn: section('NordVPN, for everything that is downloaded. Or: vpn: none, then there are no downloads.', {
      token: text({ description: 'Access token from my.nordaccount.com: NordVPN, Manual setup. SECRET' }, tokenFault),
      wireguardKey: text({ description: 'Instead of a token: a WireGuard private key. SECRET' }, wireguardKeyFault),
      country: text(
        { description: 'Country to come out in, by its English name; the nearest one if empty.' },
        vpnCountryFault,
      ),
    }),
    domain: section('A domain of your own, to be reached from outside with a certificate. Or: domain: none', {
      name: text({ description: 'The domain, as in films.example.com.' }, domainFault),
      provider: text({ description: `Who manages it: ${providers.map(({ id }) => id).join(', ')}.` }, providerFault),
      credentials: z.optional(
        z.nullable(z.record(z.string(), z.nullable(z.string()))).check(about({ description: credentialsWords })),
      ),
      email: text({ description: 'Your e-mail address, for the certificate authority.' }, emailFault),
    }),
    services: list(
      {
        description: `Optional services: ${Object.entries(optionalServices)
          .map(([name, use]) => `${name} (${use})`)
          .join(', ')}.`,
        example: `[${Object.keys(optionalServices).join(', ')}]`,
      },
      item(serviceFault),
    ),
    plexClaim: text(
      { description: 'Claim token from https://plex.tv/claim, good for 4 minutes only; mostly left out. SECRET' },
      plexClaimFault,
    ),
  })
  .check(about({ description: 'Answers for the set-up of the media server.' }))
