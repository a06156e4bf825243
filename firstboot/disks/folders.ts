// What operating systems make at the top of a file system for themselves.
const made: readonly string[] = ['lost+found', 'System Volume Information', '$RECYCLE.BIN', 'RECYCLER', '@eaDir']

/** Whether a top-level folder says nothing about what a person keeps there. */
export const isSystemFolder = (name: string): boolean => name.startsWith('.') || made.includes(name)
