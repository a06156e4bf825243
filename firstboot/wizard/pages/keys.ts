import { sshKeysOf } from '../form.ts'
import { button, gap, note, printable, question, text } from '../items.ts'
import type { Item, Page } from '../page.ts'
import type { Asked } from './asked.ts'

/** The SSH keys that may log in. */
export function keysPage({ form, rules, checks, fileKeys }: Asked): Page {
  const taken = sshKeysOf(form)
  const found = checks.github?.result?.found ?? []
  const words = (line: string) => {
    const key = rules.describeKey(line)
    return key === null ? line.slice(0, 60) : `${key.type}  ${key.fingerprint}  ${key.comment}`.trimEnd()
  }
  const more = fileKeys.filter(line => !taken.includes(line))
  return {
    items: [
      question('Which SSH keys may log in?'),
      note('With a key you log in from your computer. There is no password, so one is needed.'),
      gap,
      text(form, 'sshKey', 'Paste a key', typed => rules.validate('sshKey', typed), {
        accepts: printable,
        limit: 4000,
        optional: true,
        hint: 'begins with ssh-ed25519 or ssh-rsa',
        takes: 'add-key',
      }),
      text(form, 'github', 'GitHub name', typed => rules.validate('githubName', typed), {
        accepts: /^[A-Za-z0-9-]$/,
        limit: 39,
        optional: true,
        hint: 'Enter fetches the keys from there',
        takes: 'fetch-github',
      }),
      { type: 'check', id: 'github' },
      ...found.map(line => note(words(line), 5)),
      ...(found.some(line => !taken.includes(line)) ? [button('use-github', 'These are mine: use them')] : []),
      ...(more.length > 0
        ? [button('use-file', `Use the file authorized_keys on the stick (${countWords(more.length)})`)]
        : []),
      gap,
      ...takenItems(taken, words),
    ],
    help: [
      'An SSH key has two halves. The public half goes here: one long line that begins with its type, from a file whose name ends in .pub. The private half stays on your computer. If you paste a private key by mistake, it is refused.',
      'The fingerprint (SHA256:...) is the short form of a key. On your computer, ssh-keygen -l -f followed by the name of the file shows the same one.',
      'Keys from GitHub are the ones that everybody can read at github.com/NAME.keys. Compare the fingerprints before you use them.',
      'Delete or Backspace takes a key off the list.',
    ],
    problem: taken.length === 0 ? 'At least one key is needed, or nobody could log in.' : null,
  }
}

const countWords = (count: number): string => (count === 1 ? '1 key' : `${count} keys`)

function takenItems(taken: readonly string[], words: (line: string) => string): Item[] {
  if (taken.length === 0) return [note('No key yet.')]
  return [
    { type: 'note', words: `These may log in (${countWords(taken.length)}; Delete takes one off):`, indent: 1 },
    ...taken.map((line, index) => button(`key:${index}`, words(line), true)),
  ]
}
