import { generateKeyPairSync } from 'node:crypto'
import type { Answers } from '../../../firstboot/answers/answers.ts'
import { defaultAnswers } from '../../../firstboot/answers/complete.ts'
import type { Machine } from '../../../firstboot/machine.ts'
import { planConfigure, planSetup } from '../../../firstboot/plan/plan-setup.ts'
import { probeMachine } from '../../../firstboot/probe/machine.ts'
import { inspectDisks } from '../../../firstboot/probe/inspect.ts'
import { openRoot } from '../../../firstboot/root.ts'
import type { View } from '../../../firstboot/screens/frame.ts'
import { wizardScreen } from '../../../firstboot/screens/wizard.ts'
import type { Charset } from '../../../firstboot/terminal/abilities.ts'
import { decodeKeys, decodeRest, type Key } from '../../../firstboot/terminal/keys.ts'
import { textOf } from '../../../firstboot/terminal/lines.ts'
import { applianceRules } from '../../../firstboot/wizard/appliance-rules.ts'
import { countries, keyboards, languages, timezones } from '../../../firstboot/wizard/lists.ts'
import { reduceWizard } from '../../../firstboot/wizard/reduce.ts'
import {
  type Effect,
  initialWizard,
  type WizardEvent,
  type WizardState,
  type World,
} from '../../../firstboot/wizard/state.ts'
import { layOut } from '../firstboot/recorded.ts'

const facts = { seed: '00112233445566778899aabbccddeeff', vendor: 'debian', liveRoot: 'aa-bb', image: '0.1.0 aa-bb' }

/** The appliance's rules with a plan whose seed never changes. */
export const rules = applianceRules((machine: Machine, answers: Answers) =>
  machine.role === 'installed' ? planConfigure(answers) : planSetup(machine, answers, facts),
)

const lists = { languages: languages(), keyboards, timezones: timezones(), countries: countries() }

/** A recorded machine with all that the slow look finds. */
export async function worldOf(name: string): Promise<World> {
  const root = openRoot(layOut(name))
  const machine = await probeMachine(root)
  return { known: { ...machine, disks: await inspectDisks(root, machine.disks) }, rules, lists }
}

/** A person at the wizard: keys go in, the screen comes out. */
export class Person {
  state: WizardState
  world: World
  effects: Effect[] = []

  constructor(world: World, state: WizardState = initialWizard) {
    this.world = world
    this.state = state
  }

  take(event: WizardEvent): this {
    const scrolls = event.type === 'key' && ['pageup', 'pagedown'].includes(event.key.name)
    const whole = scrolls ? { range: this.view().range, ...event } : event
    const next = reduceWizard(this.state, whole, this.world)
    this.state = next.state
    this.effects.push(...next.effects)
    return this
  }

  /** Presses keys: each is the name of one, or a text that is typed. */
  press(...keys: (Key['name'] | { text: string } | { paste: string })[]): this {
    for (const key of keys) {
      if (typeof key === 'string') this.take({ type: 'key', key: { name: key } as Key })
      else if ('paste' in key) this.take({ type: 'key', key: { name: 'paste', text: key.paste } })
      else for (const char of key.text) this.take({ type: 'key', key: { name: 'char', char } })
    }
    return this
  }

  /** Sends bytes as a terminal does. */
  bytes(bytes: string): this {
    const { keys, rest } = decodeKeys(bytes)
    for (const key of [...keys, ...decodeRest(rest)]) this.take({ type: 'key', key })
    return this
  }

  view(charset: Charset = 'utf8', columns = 80, rows = 24): View {
    const abilities = { charset, columns, rows, styles: false, askSize: false }
    const manifest = { product: 'Media Server', version: '0.1.0' }
    return wizardScreen({ manifest, state: this.state, world: this.world, abilities })
  }

  screen(charset: Charset = 'utf8', columns = 80, rows = 24): string[] {
    return this.view(charset, columns, rows).lines.map(textOf)
  }

  text(): string {
    return this.screen().join('\n')
  }

  /** The starts that were asked for. */
  get starts(): Extract<Effect, { type: 'start' }>[] {
    return this.effects.filter(effect => effect.type === 'start')
  }
}

/** A public key that nobody has the other half of. */
export const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJW5z0Yv0h4Gk2oQb0b7lq3cXJ6fUuT6m1mQn1J0m3aV anna@laptop'
/** A fresh public key of 4096 bits, with a long comment: more than 600 characters. */
export function rsaKey(): string {
  const { e = '', n = '' } = generateKeyPairSync('rsa', { modulusLength: 4096 }).publicKey.export({ format: 'jwk' })
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  // RFC 4253 §6.6; the first bit of a number is its sign, so a zero goes before the modulus.
  const modulus = Buffer.concat([Buffer.from([0]), Buffer.from(n, 'base64url')])
  const blob = Buffer.concat([part(Buffer.from('ssh-rsa')), part(Buffer.from(e, 'base64url')), part(modulus)])
  return `ssh-rsa ${blob.toString('base64')} anna-on-her-old-laptop`
}

/** A token of the right shape. */
export const token = 'e9f2ab0c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8'

/** From the welcome to each screen, with answers that are good on the machine of `n100-films`. */
export const walk = {
  language: (person: Person) => person.press('enter'),
  network: (person: Person) =>
    walk
      .language(person)
      .press({ text: 'english (united k' }, 'enter', { text: 'german' }, 'enter', { text: 'berl' }, 'enter'),
  system: (person: Person) => walk.network(person).press('enter', 'enter'),
  media: (person: Person) => walk.system(person).press({ text: ' ' }, 'enter'),
  name: (person: Person) => walk.media(person).press('enter'),
  keys: (person: Person) => walk.name(person).press('enter', 'clear', { text: 'anna' }, 'enter'),
  vpn: (person: Person) => walk.keys(person).press({ text: publicKey }, 'enter', 'enter', 'enter'),
  domain: (person: Person) => walk.vpn(person).press('enter', { paste: token }, 'enter', 'enter'),
  services: (person: Person) => walk.domain(person).press('enter'),
  plex: (person: Person) => walk.services(person).press('enter'),
  review: (person: Person) => walk.plex(person).press('enter'),
  agree: (person: Person) => walk.review(person).press('enter'),
} as const

/** What the machine `installed` was set up with. */
export const presentAnswers: Answers = {
  ...defaultAnswers,
  timezone: 'Europe/Berlin',
  systemDisk: 'S5GXNX0T124Q7K',
  media: [{ disk: 'WD-CA1L3PG', use: 'erase' }],
  hostname: 'filmbox',
  user: 'anna',
  sshKeys: [publicKey],
  services: ['bazarr'],
}
