/** Model and number of physical cores from `/proc/cpuinfo` (x86 form, see proc_cpuinfo(5)). */
export function parseCpuinfo(text: string): { model: string; cores: number } {
  const processors = text.split(/\n\s*\n/).filter(block => /^processor\s*:/m.test(block))
  const field = (block: string, name: string) => new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(block)?.[1]?.trim()
  const cores = new Set(
    processors.map((block, index) => {
      const core = field(block, 'core id')
      return core === undefined ? `#${index}` : `${field(block, 'physical id') ?? ''}/${core}`
    }),
  )
  const model = processors.length > 0 ? field(processors[0] ?? '', 'model name') : undefined
  return { model: tidyModel(model ?? 'unknown processor'), cores: Math.max(1, cores.size) }
}

/** Takes the marks and the clock speed out of a processor's name. */
export function tidyModel(name: string): string {
  return name
    .replace(/\((R|TM|C)\)/gi, '')
    .replace(/\s+@\s.*$/, '')
    .replace(/\b(CPU|Processor)\b/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Memory that the kernel manages, in bytes, from `/proc/meminfo`; 0 when the file says nothing. */
export function parseMeminfo(text: string): number {
  const kib = /^MemTotal:\s+(\d+) kB$/m.exec(text)?.[1]
  return kib === undefined ? 0 : Number(kib) * 1024
}
