import type { Answers, MediaUse } from '../answers/answers.ts'
import { earlierPartitions, endBefore } from '../disks/behind-image.ts'
import { earlierWords } from '../disks/cautions.ts'
import { type DiskIdentity, diskId, findDisk, identityOf } from '../disks/identity.ts'
import { mediaChoices, systemChoice } from '../disks/eligibility.ts'
import { FILMS_LABEL } from '../disks/labels.ts'
import { GIBIBYTE, layOut, MEBIBYTE, PARTITION_TYPES } from '../disks/partition-table.ts'
import type { Disk, Machine, Partition } from '../machine.ts'
import { PAYLOAD_PARTITION } from '../stack/payload-partition.ts'
import { guidFrom, hashOf } from './hash.ts'
import type { DiskFate, Mode, Plan, PlannedChange } from './plan.ts'
import { inPlaceLayout, type SystemIds, systemIds, wholeDiskLayout } from './system-layout.ts'

/** What a plan depends on besides machine and answers. */
export interface SetupFacts {
  /** Random, made once for each set-up; every identity of the installation comes from it. */
  readonly seed: string
  /** Folder below EFI/ that the signed GRUB reads: the distribution's id. */
  readonly vendor: string
  /** PARTUUID of the squashfs that the live system runs from. */
  readonly liveRoot: string
  /** Names the image, so that a half-copied system of another one is not taken for this. */
  readonly image: string
}

/** Why there can be no plan, in sentences that each tell the mend. */
export interface NoPlan {
  readonly problems: readonly string[]
}

/** Where the system comes to, decided. */
interface Place {
  readonly disk: Disk
  readonly identity: DiskIdentity
  readonly inPlace: boolean
  /** Partitions that it replaces, see `earlierPartitions`. */
  readonly earlier: readonly Partition[]
  readonly ids: SystemIds
}

/** A disk for films, decided: which file system will be mounted, and where. */
interface Films {
  readonly disk: Disk
  readonly identity: DiskIdentity
  readonly use: 'keep' | 'erase'
  readonly uuid: string
  readonly type: string
  readonly mountpoint: string
}

/** The parts of a set-up that do not depend on disks, and so are the same when answers are applied again. */
function settings(answers: Answers): PlannedChange[] {
  const { hostname, language, keyboard, timezone, network, wifi, user, sshKeys } = answers
  const change = (id: string, title: string, weight: number, params: PlannedChange['params'] = {}) => ({
    id,
    title,
    params,
    destroys: [],
    weight,
  })
  return [
    change('identity', 'Give the machine its name', 3, { hostname }),
    change('language', 'Set language, keyboard, time zone', 5, { language, keyboard, timezone }),
    change('network', 'Set the network up', 1, {
      network,
      wifi: wifi === null ? null : { name: wifi.name, country: wifi.country },
    }),
    change('user', `Make the user ${user}`, 2, { user, sshKeys }),
    change('ssh', 'Let nobody in by password', 2, { user }),
    change('updates', 'Switch security updates on', 1),
    change('folders', 'Make the folders', 1, { user }),
    change('services', 'Choose what starts by itself', 3),
  ]
}

/** Decides the whole set-up of a machine. Pure: nothing is looked at and nothing is changed. */
export function planSetup(machine: Machine, answers: Answers, facts: SetupFacts): Plan | NoPlan {
  const problems: string[] = []
  const system = findDisk(machine, answers.systemDisk)
  if (!system.ok) return { problems: [system.problem] }
  const choice = systemChoice(system.disk, machine)
  if (!choice.ok) problems.push(`${nameOf(system.disk)} cannot hold the system: ${choice.reason}`)
  const films = decideFilms(machine, answers, system.disk, facts.seed, problems)
  if (problems.length > 0 || !choice.ok) return { problems }
  const place = decidePlace(machine, system.disk, answers.systemDisk, choice.inPlace, facts.seed)
  const { inPlace } = place
  const changes = [
    ...diskChanges(machine, place, films, facts),
    { id: 'keep-answers', title: 'Remember the answers', params: {}, destroys: [], weight: 1 },
    ...claim(answers),
    ...remember(films),
    { id: 'copy-system', title: 'Copy the system', params: copyParams(facts), destroys: [], weight: 90 },
    ...(inPlace ? [] : copyPayload(machine)),
    fstab(films, place),
    ...settings(answers),
    // Before the new system can be started by anybody.
    { id: 'first-boot', title: 'Hand over to the new system', params: {}, destroys: [], weight: 1 },
    boot(place, machine, facts),
    ...proof(films),
  ]
  return finish(inPlace ? 'in-place' : 'install', changes, fates(machine, place, films))
}

function decidePlace({ role }: Machine, disk: Disk, id: string, inPlace: boolean, seed: string): Place {
  const earlier = inPlace && role === 'live' ? earlierPartitions(disk) : []
  // What failed on another disk, or in the same place, may have come from the very same seed: a plan that fails is
  // changed on the screen that has begun it.
  const own = [seed, id, ...earlier.map(({ partuuid }) => partuuid)].join(' ')
  return { disk, identity: identityOf(disk, id), inPlace, earlier, ids: systemIds(own) }
}

// A claim code is good for four minutes, and copying the system may take longer.
const claim = ({ plexClaim }: Answers): PlannedChange[] =>
  plexClaim === null
    ? []
    : [{ id: 'plex-account', title: 'Claim Plex for your account', params: {}, destroys: [], weight: 1 }]

/** Decides what applying the answers again means on the installed system: its settings and services, and no disk. Pure. */
export function planConfigure(answers: Answers): Plan {
  return finish('configure', [...settings(answers), ...stack(answers)], [])
}

/** Decides what is left for the first start of a system whose settings were made while it was installed. Pure. */
export function planFirstBoot(answers: Answers): Plan {
  return finish('configure', stack(answers), [])
}

/** The services, in the order in which they come up: what keeps downloads in the tunnel is there before any of them. */
function stack(answers: Answers): PlannedChange[] {
  const services = { services: answers.services, vpn: answers.vpn !== null, domain: answers.domain !== null }
  const change = (id: string, title: string, weight: number, params: PlannedChange['params'] = {}) => ({
    id,
    title,
    params,
    destroys: [],
    weight,
  })
  const { user, hostname, language, vpn } = answers
  return [
    change('stack-keys', 'Make up keys and passwords', 1, { user }),
    ...(vpn === null ? [] : [change('vpn-key', 'Connect to NordVPN', 5, { country: vpn.country })]),
    change('kill-switch', 'Let nothing out beside the tunnel', 2, { vpn: vpn !== null }),
    change('docker', 'Start the container engine', 10),
    change('images', 'Unpack the services', 60),
    change('stack-files', 'Write the settings of the services', 2, services),
    change('stack-up', 'Start the services', 60, services),
    change('plex', 'Set Plex up', 15, { hostname, language }),
    change('wire', 'Connect the services', 20, services),
  ]
}

function finish(mode: Mode, changes: PlannedChange[], disks: DiskFate[]): Plan {
  const plan = { mode, changes, disks }
  return { ...plan, hash: hashOf(plan) }
}

const nameOf = (disk: Disk): string => `${disk.model || disk.name}${disk.serial ? ` (serial ${disk.serial})` : ''}`

function decideFilms(machine: Machine, answers: Answers, system: Disk, seed: string, problems: string[]): Films[] {
  const films: Films[] = []
  const chosen = answers.media.filter(
    (each): each is { disk: string; use: Exclude<MediaUse, 'ignore'> } => each.use !== 'ignore',
  )
  for (const { disk: id, use } of chosen) {
    const found = findDisk(machine, id)
    if (!found.ok) {
      problems.push(found.problem)
      continue
    }
    const { disk } = found
    const choices = mediaChoices(disk, machine, system)
    const choice = choices[use]
    if (!choice.ok) {
      problems.push(`${nameOf(disk)} cannot be ${use === 'keep' ? 'kept' : 'erased'}: ${choice.reason}`)
      continue
    }
    if (disk === system || films.some(each => each.disk === disk)) {
      problems.push(`${nameOf(disk)} is named twice. Each disk has one use.`)
      continue
    }
    const mountpoint = films.length === 0 ? '/data' : `/data${films.length + 1}`
    const keep = use === 'keep' && choices.keep.ok ? choices.keep.fileSystem : undefined
    films.push({
      disk,
      identity: identityOf(disk, id),
      use,
      mountpoint,
      uuid: keep?.uuid ?? guidFrom(`${seed} ${id} films`),
      type: keep?.type ?? 'ext4',
    })
  }
  return films
}

function diskChanges(
  { disks }: Machine,
  { disk, identity, inPlace, earlier, ids }: Place,
  films: readonly Films[],
  { seed }: SetupFacts,
): PlannedChange[] {
  const { sectorBytes } = disk
  const id = diskId(disk, disks)
  const destroys = inPlace && earlier.length === 0 ? [] : [id]
  const table: Pick<PlannedChange, 'id' | 'title' | 'params'> = inPlace
    ? {
        id: 'add-partitions',
        title: earlier.length === 0 ? 'Make room behind the image' : 'Replace what is behind the image',
        params: {
          disk: { ...identity, holds: null },
          layout: inPlaceLayout(ids, endBefore(disk, earlier), disk.sizeBytes),
          sectorBytes,
          replaces: earlier.map(({ partuuid }) => partuuid),
        },
      }
    : {
        id: 'partition',
        title: `Prepare ${disk.model || disk.name}`,
        params: { disk: identity, layout: wholeDiskLayout(ids, disk.sizeBytes), sectorBytes },
      }
  return [
    { ...table, destroys, weight: 4 },
    { id: 'file-systems', title: 'Make its file systems', params: { ids, esp: !inPlace }, destroys, weight: 6 },
    ...films.filter(each => each.use === 'erase').map(each => eraseFilms(each, diskId(each.disk, disks), seed)),
  ]
}

function eraseFilms({ disk, identity, uuid }: Films, name: string, seed: string): PlannedChange {
  const id = (part: string) => guidFrom(`${seed} ${name} ${part}`)
  const bytes = Math.floor(disk.sizeBytes / MEBIBYTE) * MEBIBYTE - 2 * MEBIBYTE
  return {
    id: 'films-disk',
    title: `Erase ${disk.model || disk.name} for films`,
    params: {
      disk: identity,
      sectorBytes: disk.sectorBytes,
      layout: layOut(id('disk'), [{ name: FILMS_LABEL, type: PARTITION_TYPES.linux, guid: id('part'), bytes }]),
      fileSystem: uuid,
    },
    destroys: [name],
    weight: 5 + disk.sizeBytes / (1000 * GIBIBYTE),
  }
}

// A core image carries no services; they are downloaded later. In place they stay on this disk.
function copyPayload({ disks }: Machine): PlannedChange[] {
  const partitions = disks.find(disk => disk.bootMedium)?.partitions ?? []
  const payload = partitions.find(part => part.partlabel === PAYLOAD_PARTITION)
  if (payload === undefined) return []
  const params = { payload: payload.partuuid }
  return [
    { id: 'copy-payload', title: 'Copy the services', params, destroys: [], weight: 5 + payload.sizeBytes / 50e6 },
  ]
}

const copyParams = ({ liveRoot, image }: SetupFacts) => ({ liveRoot, image })

function fstab(films: readonly Films[], { ids, inPlace, disk }: Place): PlannedChange {
  const esp = disk.partitions.find(part => part.parttype.toLowerCase() === PARTITION_TYPES.esp)
  return {
    id: 'mounts',
    title: 'Say which disk is mounted where',
    params: {
      root: ids.rootFileSystem,
      state: ids.stateFileSystem,
      esp: inPlace ? (esp?.partuuid ?? '') : ids.esp,
      films: films.map(({ uuid, type, mountpoint, use }) => ({ uuid, type, mountpoint, keep: use === 'keep' })),
    },
    destroys: [],
    weight: 1,
  }
}

function boot({ identity, inPlace, ids }: Place, { firmware }: Machine, { vendor }: SetupFacts): PlannedChange {
  return {
    id: inPlace ? 'boot-in-place' : 'boot',
    title: inPlace ? 'Start the new system from here on' : 'Make it start by itself',
    params: {
      disk: identity,
      table: ids.disk,
      root: ids.rootFileSystem,
      vendor,
      firmware,
    },
    destroys: [],
    weight: 20,
  }
}

const keptOf = (films: readonly Films[]) =>
  films.filter(each => each.use === 'keep').map(({ uuid, type }) => ({ uuid, type }))

function remember(films: readonly Films[]): PlannedChange[] {
  const kept = keptOf(films)
  const title = 'Remember what is on the film disks'
  return kept.length === 0 ? [] : [{ id: 'record-films', title, params: { kept }, destroys: [], weight: 10 }]
}

function proof(films: readonly Films[]): PlannedChange[] {
  const kept = keptOf(films)
  const title = 'Compare the film disks'
  return kept.length === 0 ? [] : [{ id: 'compare-films', title, params: { kept }, destroys: [], weight: 10 }]
}

function fates(machine: Machine, { disk: system, inPlace, earlier }: Place, films: readonly Films[]): DiskFate[] {
  const fateOf = (disk: Disk): DiskFate['fate'] => {
    if (disk === system) return inPlace && earlier.length === 0 ? 'keep' : 'erase'
    return films.find(each => each.disk === disk)?.use ?? 'leave'
  }
  return machine.disks.map(disk => ({
    disk: diskId(disk, machine.disks),
    model: disk.model,
    serial: disk.serial,
    sizeBytes: disk.sizeBytes,
    fate: fateOf(disk),
    // The image that it was started from stays, and is not what anybody would miss.
    contents: disk === system && earlier.length > 0 ? [earlierWords] : disk.contents,
  }))
}
