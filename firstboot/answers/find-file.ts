/** Which of the names of a folder is the answers file; null where there is none. */
export type FoundFile = { readonly name: string | null } | { readonly fault: string }

function only(names: readonly string[], pattern: RegExp, what: string): FoundFile {
  const found = names.filter(name => pattern.test(name) && !name.startsWith('.'))
  if (found.length < 2) return { name: found[0] ?? null }
  return { fault: `There are several files with ${what}: ${found.sort().join(', ')}. Keep one of them.` }
}

/** Picks `mediaserver.yaml` among names: capitals, `.yml` and the `.txt` that Windows adds and hides do not matter. */
export const findAnswersFile = (names: readonly string[]): FoundFile =>
  only(names, /^mediaserver\.ya?ml(\.txt)?$/i, 'answers')

/** Picks `authorized_keys` among names, as tolerantly. */
export const findAuthorizedKeys = (names: readonly string[]): FoundFile =>
  only(names, /^authorized_keys(\.txt|\.pub)?$/i, 'SSH keys')
