/** Where films lie. `missing` means that a disk belongs there and is not there. */
export type DataDisk =
  | { readonly state: 'mounted'; readonly source: string; readonly fileSystem: string; readonly readOnly: boolean }
  | { readonly state: 'missing' }
  | { readonly state: 'none' }

/** One line of mountinfo, see proc_pid_mountinfo(5). */
export interface Mount {
  readonly point: string
  readonly fileSystem: string
  readonly source: string
  readonly readOnly: boolean
}

/** The mounts in a text of `/proc/self/mountinfo`, oldest first. Read-only is what either the mount or the disk is. */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap(row => {
    const [mount = '', super_ = ''] = row.split(' - ')
    const [, , , , point, options] = mount.split(' ')
    const [fileSystem, source, superOptions] = super_.split(' ')
    if (point === undefined || fileSystem === undefined || source === undefined) return []
    const readOnly = [options, superOptions].some(list => list?.split(',').includes('ro') === true)
    return [{ point: unescape(point), fileSystem, source: unescape(source), readOnly }]
  })
}

/** The state of `/data`, from what is mounted and from what should be: a line of fstab or a unit for it. */
export function dataDisk(mountinfo: string, fstab: string, hasUnit: boolean): DataDisk {
  // The newest mount is the one that is seen; autofs only waits there for it.
  const mount = parseMountinfo(mountinfo).findLast(item => item.point === '/data' && item.fileSystem !== 'autofs')
  if (mount !== undefined) {
    const { source, fileSystem, readOnly } = mount
    return { state: 'mounted', source, fileSystem, readOnly }
  }
  return hasUnit || /^[^#\s]\S*\s+\/data\s/m.test(fstab) ? { state: 'missing' } : { state: 'none' }
}

/** The same as sentences for a person. */
export function dataWords(data: DataDisk): string[] {
  switch (data.state) {
    case 'mounted':
      return data.readOnly
        ? [`/data is read-only (${data.source}): the disk may be damaged. Nothing can be added.`]
        : [`/data is ready: ${data.fileSystem} on ${data.source}`]
    case 'missing':
      return ['/data: the film disk is not there. Check its cable and power, then restart.']
    case 'none':
      return ['no film disk was set up; films lie on the system disk']
  }
}

// Spaces and the like are written as three octal digits.
const unescape = (path: string) =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
