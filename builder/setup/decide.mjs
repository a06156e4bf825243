// Plain JavaScript without packages: it runs before anything is installed, on Node 20. Types are in decide.d.mts.
import { createHash } from 'node:crypto'

/** What /etc/os-release says about the machine. */
export function distributionOf(osRelease) {
  const field = name => new RegExp(`^${name}=(["']?)(.*)\\1$`, 'm').exec(osRelease)?.[2] ?? ''
  const [id, like, version] = [field('ID'), field('ID_LIKE'), field('VERSION_ID')]
  const families = [id, ...like.split(/\s+/)]
  const family = families.includes('ubuntu') ? 'ubuntu' : families.includes('debian') ? 'debian' : undefined
  return {
    id: version === '' ? id : `${id}-${version}`,
    title: field('PRETTY_NAME') || id || 'an unknown system',
    family,
  }
}

/** The package that has what is required here; null when this distribution has none, or is not of the apt family. */
export function packageOn(requirement, distribution) {
  if (distribution.family === undefined) return null
  const name = requirement.names?.[distribution.id]
  return name === undefined ? requirement.package : name
}

/** What the groups require and the machine lacks, each with its package here. */
export function missingRequirements(requirements, groups, machine) {
  return groups
    .flatMap(group => requirements.groups[group] ?? [])
    .filter(requirement => !(requirement.unlessRoot && machine.root))
    .filter(requirement => {
      const programs = (requirement.programs ?? []).every(name => machine.hasProgram(name))
      const files = requirement.files === undefined || requirement.files.some(path => machine.hasFile(path))
      return !programs || !files
    })
    .map(requirement => ({ requirement, package: packageOn(requirement, machine.distribution) }))
}

/** The one command that installs packages. */
export function aptCommand(packages) {
  return `apt-get install --yes --no-install-recommends ${packages.join(' ')}`
}

/** What is to be done about missing requirements: nothing, install, tell the person, or give up. */
export function decideInstall(missing, { root, sudo, distribution }) {
  const packages = [...new Set(missing.map(each => each.package).filter(name => name !== null))].sort()
  const without = missing.filter(each => each.package === null && each.requirement.optional !== true)
  if (without.length > 0) {
    const names = without.flatMap(({ requirement }) => requirement.programs ?? requirement.files)
    return {
      kind: 'refuse',
      text: `${distribution.title} is not Debian or Ubuntu; install these yourself: ${names.join(', ')}`,
    }
  }
  if (packages.length === 0) return { kind: 'nothing' }
  if (root) return { kind: 'install', packages, prefix: [] }
  if (sudo()) return { kind: 'install', packages, prefix: ['sudo', '-n'] }
  // What is only good to have does not stop anybody who may not install it.
  if (missing.every(each => each.requirement.optional === true)) return { kind: 'nothing' }
  return { kind: 'tell', packages, command: `sudo ${aptCommand(packages)}` }
}

/** The stamp that node_modules gets when it was installed from a lock file. */
export function stampOf(lockText) {
  return createHash('sha256').update(lockText).digest('hex')
}

/** Whether what npm says it installed (node_modules/.package-lock.json) is what the lock file asks for. */
export function sameInstall(lockText, installedText) {
  const packagesIn = text => Object.entries(JSON.parse(text).packages ?? {}).filter(([path]) => path !== '')
  const wanted = new Map(packagesIn(lockText))
  const installed = new Map(packagesIn(installedText))
  const digest = entry => entry?.integrity ?? entry?.version
  return (
    [...installed].every(([path, entry]) => digest(wanted.get(path)) === digest(entry)) &&
    [...wanted].every(([path, entry]) => entry.optional || entry.devOptional || entry.peer || installed.has(path))
  )
}
