import { mendFor } from './archive.ts'
import { aptCommand, missingRequirements, type Requirements } from './decide.mjs'
import type { Facts } from './facts.ts'

/** One thing the doctor has to say. A `fault` stops builds, a `note` is good to know. */
export interface Finding {
  readonly level: 'ok' | 'note' | 'fault'
  readonly text: string
  readonly mend?: string
}

export interface Diagnosis {
  readonly findings: readonly Finding[]
  /** The one command that installs everything that is missing. */
  readonly command?: string
}

const GIGABYTE = 1e9
const NEEDED_BYTES = 8 * GIGABYTE

/** Whether a version is at least another; numbers are compared, not texts. */
export function atLeast(version: string, minimum: string): boolean {
  const [have, want] = [version, minimum].map(text => text.split('.').map(Number)) as [number[], number[]]
  const different = want.findIndex((number, index) => (have[index] ?? 0) !== number)
  return different === -1 || (have[different] ?? 0) > (want[different] ?? 0)
}

function judgePrograms(facts: Facts, requirements: Requirements): Diagnosis {
  const has = (name: string) => facts.present.has(name)
  const missing = missingRequirements(requirements, Object.keys(requirements.groups), {
    ...facts,
    hasProgram: has,
    hasFile: has,
  })
  const findings: Finding[] = missing.map(({ requirement, package: name }) => ({
    level: requirement.optional === true ? 'note' : 'fault',
    text: `${(requirement.programs ?? requirement.files ?? []).find(each => !has(each)) ?? requirement.package} is missing: ${requirement.why}.`,
    mend: name === null ? `${facts.distribution.title} has no package of it.` : `Package: ${name}`,
  }))
  const packages = [...new Set(missing.flatMap(each => (each.package === null ? [] : [each.package])))].sort()
  for (const each of Object.values(requirements.groups).flat()) {
    const version = facts.versions[each.package]
    if (each.minimum === undefined || version === undefined || atLeast(version, each.minimum)) continue
    findings.push({
      level: 'fault',
      text: `${each.package} ${version} is too old: ${each.minimum} or later is needed.`,
      mend: 'Use Debian 12 or later, or Ubuntu 24.04 or later; a container of one of them will do.',
    })
  }
  if (findings.length === 0) findings.push({ level: 'ok', text: 'All programs are there.' })
  return packages.length === 0
    ? { findings }
    : { findings, command: `${facts.root ? '' : 'sudo '}${aptCommand(packages)}` }
}

function judgeMachine({ node, root, namespaces, disk, enters, kvm }: Facts): Finding[] {
  const findings: Finding[] = []
  findings.push(
    atLeast(node, '24')
      ? { level: 'ok', text: `Node ${node}.` }
      : {
          level: 'fault',
          text: `Node ${node} is too old: 24 is needed.`,
          mend: 'Start commands with npm run, which brings its own Node.',
        },
  )
  if (namespaces === '')
    findings.push({ level: 'ok', text: root ? 'Runs as root.' : 'Runs without root, in user namespaces.' })
  else if (root)
    findings.push({
      level: 'fault',
      text: `root may not mount here (${namespaces}).`,
      mend: 'In a container: give it the capability SYS_ADMIN (docker run --privileged).',
    })
  else
    findings.push({
      level: 'fault',
      text: `User namespaces do not work (${namespaces}).`,
      mend: 'Run as root, or: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    })
  const free = `${(disk.freeBytes / GIGABYTE).toFixed(1)} GB free in ${disk.folder}`
  findings.push(
    disk.freeBytes >= NEEDED_BYTES
      ? { level: 'ok', text: `${free}.` }
      : {
          level: 'fault',
          text: `Only ${free}: a build needs 8 GB.`,
          mend: 'Free some space, or set MEDIASERVER_STORE to a folder on a larger disk.',
        },
  )
  if (!enters)
    findings.push({
      level: 'fault',
      text: `Builds without root cannot enter ${disk.folder}: they are another user there.`,
      mend: 'chmod o+x "$HOME", or set MEDIASERVER_STORE=/var/tmp/mediaserver',
    })
  if (kvm === 'open')
    findings.push({ level: 'ok', text: '/dev/kvm opens; whether it runs a machine is tried at its start.' })
  else if (kvm === 'denied')
    findings.push({
      level: 'note',
      text: '/dev/kvm is there but may not be opened: virtual machines are emulated, about ten times slower.',
      mend: 'sudo usermod -aG kvm "$USER", then log in again',
    })
  else findings.push({ level: 'note', text: 'No /dev/kvm: virtual machines are emulated, about ten times slower.' })
  return findings
}

function judgeArchives({ archives }: Facts, wanted: string, asked: boolean): Finding[] {
  const buildable = archives.filter(each => each.reach.kind === 'reachable').map(each => each.base.id)
  return archives.map(({ base, reach }): Finding => {
    if (reach.kind === 'reachable') return { level: 'ok', text: `The archive of ${base.title} answers.` }
    if (reach.kind === 'unknown')
      return { level: 'note', text: `Whether the archive of ${base.title} answers cannot be told.` }
    const stops = base.id === wanted ? asked || buildable.length === 0 : false
    const text = `The archive of ${base.title} cannot be reached (${reach.reason}).`
    return base.id === wanted
      ? { level: stops ? 'fault' : 'note', text, mend: mendFor(buildable) }
      : { level: 'note', text }
  })
}

/**
 * Judges a machine. `wanted` is the base to be built; only when it was `asked` for by name does its silent archive
 * count as a fault while others answer.
 */
export function evaluate(facts: Facts, requirements: Requirements, wanted: string, asked: boolean): Diagnosis {
  const programs = judgePrograms(facts, requirements)
  return {
    ...programs,
    findings: [...judgeMachine(facts), ...programs.findings, ...judgeArchives(facts, wanted, asked)],
  }
}
