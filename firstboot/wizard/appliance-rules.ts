import { toAnswers } from '../answers/complete.ts'
import { addressFault, dnsFault, gatewayFault, interfaceFault } from '../answers/rules/address.ts'
import { findProvider, providerDomainFault, providers } from '../answers/rules/ddns.ts'
import { domainFault, emailFault } from '../answers/rules/domain.ts'
import { hostnameFault } from '../answers/rules/hostname.ts'
import { plexClaimFault } from '../answers/rules/plex.ts'
import { optionalServices } from '../answers/rules/services.ts'
import { readSshKey, sshKeyFault } from '../answers/rules/ssh-key.ts'
import { userFault } from '../answers/rules/user.ts'
import { tokenFault, wireguardKeyFault } from '../answers/rules/vpn.ts'
import { wifiNameFault, wifiPasswordFault } from '../answers/rules/wifi.ts'
import type { Answers } from '../answers/answers.ts'
import { earlierPartitions } from '../disks/behind-image.ts'
import { isFailing } from '../disks/cautions.ts'
import { mediaChoices, systemChoice } from '../disks/eligibility.ts'
import { diskId, findDisk } from '../disks/identity.ts'
import type { Disk, Machine } from '../machine.ts'
import type { Plan } from '../plan/plan.ts'
import type { Checked, MediaRow, Rules, SystemRow } from './rules.ts'

/** How a plan is made; what else it depends on is settled already. */
export type MakePlan = (machine: Machine, answers: Answers) => Plan | { readonly problems: readonly string[] }

/** The rules of the appliance: the judges of answers, the uses of disks, and the plan. */
export const applianceRules = (plan: MakePlan): Rules => ({
  validate: (what, text, beside) => faultOf[what](text, beside),
  validateCredential: (provider, name, text) =>
    findProvider(provider)
      ?.fields.find(field => field.name === name)
      ?.rule(text) ?? null,
  validateProvider: (provider, domain) => {
    const found = findProvider(provider)
    return found === undefined || domain === '' ? null : providerDomainFault(found, domain)
  },
  systemDisks: machine => machine.disks.map(disk => systemRow(disk, machine)),
  mediaDisks: (machine, systemDisk) =>
    machine.role === 'installed'
      ? []
      : machine.disks
          .filter(disk => !isSystem(disk, machine, systemDisk))
          .map(disk => mediaRow(disk, machine, systemDisk)),
  providers: providers.map(({ id, title, where, fields }) => ({
    id,
    name: title,
    help: where,
    fields: fields.map(({ name, label, required }) => ({ name, label, optional: !required })),
  })),
  services: Object.entries(optionalServices).map(([name, words]) => ({
    name,
    words: `${name[0]?.toUpperCase()}${name.slice(1)}: ${words}`,
  })),
  describeKey: line => {
    const read = readSshKey(line)
    return 'key' in read ? { type: read.key.type, fingerprint: read.key.fingerprint, comment: read.key.comment } : null
  },
  finish: draft => {
    const done = toAnswers(draft)
    return 'answers' in done ? done : { problems: done.problems.map(problem => problem.words) }
  },
  plan,
})

const faultOf: Readonly<Record<Checked, (text: string, beside?: string) => string | null>> = {
  hostname: hostnameFault,
  user: userFault,
  interface: interfaceFault,
  address: addressFault,
  gateway: (text, address) =>
    address === undefined || addressFault(address) !== null ? gatewayFault(text) : gatewayFault(text, address),
  dns: text =>
    text
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(each => dnsFault(each))
      .find(fault => fault !== null) ?? null,
  wifiName: wifiNameFault,
  wifiPassword: wifiPasswordFault,
  sshKey: sshKeyFault,
  // As GitHub's own sign-up page states it.
  githubName: text =>
    /^[A-Za-z0-9](?:-?[A-Za-z0-9])*$/.test(text)
      ? null
      : 'A GitHub name has letters, digits and single hyphens, and no hyphen at either end.',
  vpnToken: tokenFault,
  wireguardKey: wireguardKeyFault,
  domainName: domainFault,
  email: emailFault,
  plexClaim: plexClaimFault,
}

function systemRow(disk: Disk, machine: Machine): SystemRow {
  const choice = systemChoice(disk, machine)
  return {
    id: diskId(disk, machine.disks) || disk.path,
    disk,
    refused: choice.ok ? null : choice.reason,
    inPlace: choice.ok && choice.inPlace,
    replaces: choice.ok && choice.inPlace && machine.role === 'live' && earlierPartitions(disk).length > 0,
    warnings: choice.ok ? choice.warnings : [],
  }
}

function isSystem(disk: Disk, machine: Machine, systemDisk: string): boolean {
  const found = findDisk(machine, systemDisk)
  return found.ok && found.disk === disk
}

function mediaRow(disk: Disk, machine: Machine, systemDisk: string): MediaRow {
  const system = findDisk(machine, systemDisk)
  const { keep, erase } = mediaChoices(disk, machine, system.ok ? system.disk : null)
  const empty = disk.contents.length === 0 || disk.contents.join() === 'empty'
  // An empty disk is most likely meant for films, so the person decides; nothing is ever erased by itself.
  const open = erase.ok && empty && !isFailing(disk) && (disk.kind === 'HDD' || disk.kind === 'SSD')
  return {
    id: diskId(disk, machine.disks) || disk.path,
    disk,
    keep: keep.ok ? null : keep.reason,
    erase: erase.ok ? null : erase.reason,
    keepNotes: keep.ok ? keep.warnings : [],
    eraseNotes: erase.ok ? erase.warnings : [],
    usual: keep.ok ? 'keep' : open ? null : 'ignore',
  }
}
