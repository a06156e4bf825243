// What operating systems make at the top of a file system for themselves.
const made: readonly string[] = ['lost+found', 'System Volume Information', '$RECYCLE.BIN', 'RECYCLER', '@eaDir']

/** Whether a top-level folder says nothing about what a person keeps there. */
export const isSystemFolder = (name: string): boolean => name.startsWith('.') || made.includes(name)

/** Whether top-level folders are those of an operating system: Linux (file-hierarchy(7)) or Windows. */
export const looksLikeSystem = (folders: readonly string[]): boolean =>
  ['bin', 'boot', 'dev', 'etc'].every(name => folders.includes(name)) ||
  ['Users', 'Windows'].every(name => folders.includes(name))
