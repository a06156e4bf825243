import type { Tree } from '../text/yaml-tree.ts'
import type { Answers, DomainAnswer, MediaAnswer, MediaUse, NetworkAnswer, VpnAnswer } from './answers.ts'
import type { Known } from './known.ts'
import { addressFault, gatewayFault } from './rules/address.ts'
import { findProvider, providerDomainFault } from './rules/ddns.ts'
import { serialFault } from './rules/disk.ts'
import { readDomain } from './rules/domain.ts'
import { keyboardFault, languageFault, timezoneFault } from './rules/place.ts'
import { readSshKey } from './rules/ssh-key.ts'
import { Secret } from './secret.ts'
import { credentialNameFault } from './sections.ts'

/** Where in a tree: the value at a path, or a key of the map at a path. */
export type TreePlace = readonly PropertyKey[] | { readonly in: readonly PropertyKey[]; readonly key: string }

/** A fault in a tree, in a sentence. */
export interface TreeFault {
  readonly place: TreePlace
  readonly words: string
}

/** What a tree says: answers, what it leaves open on purpose, and faults that only show when values are seen together. */
export interface FromTree {
  readonly answers: Partial<Answers>
  readonly unattended: boolean
  /** Identities of disks beside which `erase: true` is written. */
  readonly eraseConsent: readonly string[]
  /** Answers whose value is there and empty, wholly or in part. */
  readonly open: readonly (keyof Answers)[]
  /** Those of them that are empty in part, with nothing where something is missing. */
  readonly halves: Partial<Answers>
  readonly faults: readonly TreeFault[]
}

/** An answer that is empty in part. */
class Half<Answer> {
  readonly answer: Answer

  constructor(answer: Answer) {
    this.answer = answer
  }
}

/** What was read of an answer; undefined when nothing is there. */
type Read<Answer> = Answer | Half<Answer> | undefined

/** A half answer, if any of its texts is there. */
const halfOf = <Answer>(answer: Answer, ...texts: readonly string[]): Half<Answer> | undefined =>
  texts.some(text => text !== '') ? new Half(answer) : undefined

type Fields = Readonly<Record<string, Tree>>

const isFields = (tree: Tree | undefined): tree is Fields =>
  typeof tree === 'object' && tree !== null && !Array.isArray(tree)
const fieldsOf = (tree: Tree | undefined): Fields => (isFields(tree) ? tree : {})
const itemsOf = (tree: Tree | undefined): readonly Tree[] => (Array.isArray(tree) ? (tree as readonly Tree[]) : [])

/** The text of a key; empty when there is none. */
const exactTextOf = (fields: Fields, key: string): string => {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined
  return typeof value === 'string' ? value : ''
}

/** The same without blanks around it. */
const textOf = (fields: Fields, key: string): string => exactTextOf(fields, key).trim()

/** `none` says that something is not wanted, where leaving it empty means to be asked. */
export const mayBeNone = ['wifi', 'vpn', 'domain', 'plexClaim'] as const

/** A tree without the words `none`, which the schema of the file does not know. */
export function withoutNone(tree: Tree): Tree {
  if (!isFields(tree)) return tree
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      value === 'none' && (mayBeNone as readonly string[]).includes(key) ? null : value,
    ]),
  )
}

/** Turns a tree into answers. It takes any tree: what has the wrong shape is passed over, as the schema tells of it. */
export function answersFrom(tree: Tree, known: Known): FromTree {
  const top = fieldsOf(tree)
  const answers: { -readonly [Key in keyof Answers]?: Answers[Key] } = {}
  const halves: typeof answers = {}
  const open: (keyof Answers)[] = []
  const faults: TreeFault[] = []
  const eraseConsent: string[] = []
  const unattended = textOf(top, 'unattended') === 'true'

  function fault(words: string | null, place: TreePlace): void {
    if (words !== null) faults.push({ place, words })
  }

  /** One answer under its key: left out, said to be none, left open, or what `read` makes of it. */
  function take<Key extends keyof Answers>(
    key: Key,
    read: (value: Tree) => Read<Answers[Key]>,
    inside: Fields = top,
    name: string = key,
  ): void {
    if (!Object.hasOwn(inside, name)) return
    const value = inside[name] ?? null
    if (value === 'none' && (mayBeNone as readonly string[]).includes(key)) {
      answers[key] = null as Answers[Key]
      return
    }
    const answer = value === null || value === '' ? undefined : read(value)
    if (answer instanceof Half) halves[key] = answer.answer
    if (answer === undefined || answer instanceof Half) open.push(key)
    else answers[key] = answer
  }

  const word = (value: Tree): string | undefined => (typeof value === 'string' ? value.trim() || undefined : undefined)
  const judged =
    (key: string, rule: (text: string) => string | null) =>
    (value: Tree): string | undefined => {
      const text = word(value)
      if (text !== undefined) fault(rule(text), [key])
      return text
    }

  take(
    'language',
    judged('language', text => languageFault(text, known.languages)),
  )
  take(
    'keyboard',
    judged('keyboard', text => keyboardFault(text, known.keyboards)),
  )
  take(
    'timezone',
    judged('timezone', text => timezoneFault(text, known.timezones)),
  )
  take('hostname', word)
  take('user', word)
  take('sshKeys', value => {
    const lines = itemsOf(value).flatMap(each => word(each) ?? [])
    return lines.length === 0 ? undefined : uniqueKeys(lines)
  })
  take('network', value => readNetwork(fieldsOf(value), fault))
  take('wifi', value => {
    const wifi = fieldsOf(value)
    const [name, password] = [exactTextOf(wifi, 'name'), exactTextOf(wifi, 'password')]
    const country = textOf(wifi, 'country')
    const answer = { name, password: new Secret(password), country }
    return [name, password, country].includes('') ? halfOf(answer, name, password, country) : answer
  })
  take('vpn', value => readVpn(fieldsOf(value), fault))
  take('domain', value => readDomainAnswer(fieldsOf(value), fault))
  take('services', value =>
    Array.isArray(value) ? [...new Set(itemsOf(value).flatMap(each => word(each) ?? []))] : undefined,
  )
  take('plexClaim', value => {
    const text = word(value)
    return text === undefined ? undefined : new Secret(text)
  })

  const disks = fieldsOf(top['disks'])
  const seen = new Set<string>()

  /** The identity of the disk with a serial number, or undefined where it is left open or wrong. */
  function diskOf(fields: Fields, path: readonly PropertyKey[]): string | undefined {
    const serial = textOf(fields, 'serial')
    if (serial === '' || serialFault(serial) !== null) return undefined
    if (seen.has(serial)) fault('This disk is named already, further up. Name each disk once.', [...path, 'serial'])
    seen.add(serial)
    if (known.disks === undefined) return serial
    // Where a serial number is not enough, a disk's identity says more; the screens and messages show it.
    const ids = known.disks.filter(disk => disk.id === serial)
    const found = ids.length > 0 ? ids : known.disks.filter(disk => disk.serial === serial)
    const names = (found.length > 0 ? found : known.disks).flatMap(disk => (disk.id === '' ? [] : disk.id)).join(', ')
    if (found.length === 0)
      fault(
        `No disk with this serial number is there. ${names === '' ? 'None was found that can be named.' : `There are: ${names}.`}`,
        [...path, 'serial'],
      )
    if (found.length > 1)
      fault(`Several disks have this serial number. Name one by its place too: ${names}.`, [...path, 'serial'])
    return found[0]?.id
  }

  take(
    'systemDisk',
    value => {
      const system = fieldsOf(value)
      const disk = diskOf(system, ['disks', 'system'])
      if (disk !== undefined && textOf(system, 'erase') === 'true') eraseConsent.push(disk)
      return disk
    },
    disks,
    'system',
  )

  take(
    'media',
    value => {
      if (!Array.isArray(value)) return undefined
      const media = itemsOf(value).map((each, index): MediaAnswer | undefined => {
        const fields = fieldsOf(each)
        const path = ['disks', 'media', index]
        const disk = diskOf(fields, path)
        const use = textOf(fields, 'use')
        const erase = textOf(fields, 'erase') === 'true'
        if (erase && (use === 'keep' || use === 'ignore'))
          fault(`This contradicts use: ${use}. Take one of the two out.`, [...path, 'erase'])
        if (unattended && use === 'erase' && !erase)
          fault('Nobody is asked, so an erase needs "erase: true" beside it.', [...path, 'use'])
        if (disk === undefined || !isUse(use)) return undefined
        if (use === 'erase' && erase) eraseConsent.push(disk)
        return { disk, use }
      })
      const named = media.filter(each => each !== undefined)
      return named.length === media.length ? named : halfOf(named, ...named.map(each => each.disk))
    },
    disks,
    'media',
  )

  return { answers, unattended, eraseConsent, open, halves, faults }
}

const isUse = (text: string): text is MediaUse => text === 'keep' || text === 'erase' || text === 'ignore'

/** Keys without those that are there twice, whatever their comments are. */
export function uniqueKeys(lines: readonly string[]): string[] {
  const byKey = new Map<string, string>()
  for (const line of lines) {
    const read = readSshKey(line)
    const id = 'key' in read ? read.key.fingerprint : line
    if (!byKey.has(id)) byKey.set(id, 'key' in read ? read.key.line : line)
  }
  return [...byKey.values()]
}

type Tell = (words: string | null, place: TreePlace) => void

function readNetwork(fields: Fields, fault: Tell): Read<NetworkAnswer> {
  const mode = textOf(fields, 'mode')
  const dns = itemsOf(fields['dns']).flatMap(each => (typeof each === 'string' ? each.trim() || [] : []))
  const [name, address, gateway] = ['interface', 'address', 'gateway'].map(key => textOf(fields, key)) as [
    string,
    string,
    string,
  ]
  if (mode !== 'static') {
    for (const key of ['address', 'gateway', 'dns']) {
      if (key === 'dns' ? dns.length > 0 : textOf(fields, key) !== '')
        fault('This belongs to "mode: static" only. Take it out, or write that.', ['network', key])
    }
    return mode === 'dhcp' ? { mode } : undefined
  }
  if (gateway !== '' && gatewayFault(gateway) === null && address !== '' && addressFault(address) === null)
    fault(gatewayFault(gateway, address), ['network', 'gateway'])
  const answer: NetworkAnswer = { mode, interface: name, address, gateway, dns }
  return [name, address, gateway].includes('') || dns.length === 0 ? new Half(answer) : answer
}

function readVpn(fields: Fields, fault: Tell): Read<VpnAnswer> {
  const token = textOf(fields, 'token')
  const key = textOf(fields, 'wireguardKey')
  if (token !== '' && key !== '') {
    fault('There are both a token and a WireGuard key. Take one of them out.', ['vpn', 'wireguardKey'])
    return undefined
  }
  const country = textOf(fields, 'country')
  // Where both are empty, the one that has a line of its own is meant.
  const byKey = key !== '' || (token === '' && Object.hasOwn(fields, 'wireguardKey') && !Object.hasOwn(fields, 'token'))
  const answer: VpnAnswer = {
    credential: { kind: byKey ? 'wireguard-key' : 'token', value: new Secret(token + key) },
    country,
  }
  return token + key === '' ? halfOf(answer, country) : answer
}

function readDomainAnswer(fields: Fields, fault: Tell): Read<DomainAnswer> {
  const name = textOf(fields, 'name')
  const provider = textOf(fields, 'provider')
  const email = textOf(fields, 'email')
  const given = fieldsOf(fields['credentials'])
  const credentials = Object.fromEntries(
    Object.keys(given).flatMap(key => {
      const value = textOf(given, key)
      return value === '' ? [] : [[key, new Secret(value)]]
    }),
  )
  const known = findProvider(provider)
  const read = readDomain(name)
  if (known !== undefined) {
    for (const key of Object.keys(given)) fault(credentialNameFault(known, key), { in: ['domain', 'credentials'], key })
    for (const field of known.fields) {
      const value = textOf(given, field.name)
      if (value !== '') fault(field.rule(value), ['domain', 'credentials', field.name])
    }
    if ('name' in read) fault(providerDomainFault(known, read.name), ['domain', 'name'])
  }
  const complete = known?.fields.every(field => !field.required || Object.hasOwn(credentials, field.name)) ?? false
  const answer = { name: 'name' in read ? read.name : name, provider, credentials, email }
  return name === '' || email === '' || !complete
    ? halfOf(answer, name, provider, email, ...Object.keys(credentials))
    : answer
}
