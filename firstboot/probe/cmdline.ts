/** The words of a kernel command line; quotes keep spaces together as the kernel does. */
export function cmdlineWords(cmdline: string): string[] {
  return (cmdline.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map(word => word.replaceAll('"', ''))
}

/** Whether a flag such as `nomodeset` is given. */
export const hasWord = (cmdline: string, word: string): boolean => cmdlineWords(cmdline).includes(word)

/** The partition that the kernel was told to take as root (`root=PARTUUID=…`), in lower case, or null. */
export function rootPartuuid(cmdline: string): string | null {
  // The last one wins in the kernel.
  const root = cmdlineWords(cmdline).findLast(word => word.startsWith('root='))
  const value = root === undefined ? null : /^root=PARTUUID=([^/]+)/i.exec(root)?.[1]
  return value?.toLowerCase() ?? null
}

/** The live system runs with all its changes in memory; the installed one does not. */
export const roleOf = (cmdline: string): 'live' | 'installed' =>
  hasWord(cmdline, 'systemd.volatile=overlay') ? 'live' : 'installed'
