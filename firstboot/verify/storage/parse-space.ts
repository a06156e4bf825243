/** How much room a file system has, in bytes; and how many files it may still get, null where it has no such limit. */
export interface Space {
  readonly mountpoint: string
  readonly bytes: number
  readonly free: number
  readonly freeFiles: number | null
}

/** What df is asked: bytes, in columns that it prints in this order. See df(1). */
export const dfArguments = (paths: readonly string[]): readonly [string, ...string[]] => [
  'df',
  '--block-size=1',
  '--output=size,avail,itotal,iavail,target',
  ...paths,
]

/** The file systems in what df prints, each once; lines that are cut off or make no sense are left out. Pure. */
export function parseSpace(output: string): Space[] {
  const found = new Map<string, Space>()
  for (const row of output.split('\n')) {
    const [, bytes = '', free = '', files = '', freeFiles = '', mountpoint = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+|-)\s+(\d+|-)\s+(\/.*)$/.exec(row) ?? []
    if (mountpoint === '' || Number(bytes) === 0) continue
    const limited = freeFiles !== '-' && files !== '-' && Number(files) > 0
    found.set(mountpoint, {
      mountpoint,
      bytes: Number(bytes),
      free: Number(free),
      freeFiles: limited ? Number(freeFiles) : null,
    })
  }
  return [...found.values()]
}

/** How full a file system is; its least room is where programs begin to fail, and where a person should be told. */
export function roomLeft({ bytes, free, freeFiles }: Space): 'enough' | 'little' | 'none' {
  if (freeFiles === 0) return 'none'
  const [least, little] = [Math.min(1e9, bytes * 0.02), Math.min(20e9, bytes * 0.1)]
  if (free < least) return 'none'
  return free < little || (freeFiles !== null && freeFiles < 1000) ? 'little' : 'enough'
}
