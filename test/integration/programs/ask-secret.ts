import { askSecret } from '../../../firstboot/terminal/ask-secret.ts'

// Asks as `mediaserver credentials set` does, and tells how long the answer is: what it is must not be seen.
const secret = await askSecret('Password: ')
process.stdout.write(
  secret === null ? 'none\n' : `it has ${secret.reveal().length} signs, the last is ${secret.reveal().at(-1)}\n`,
)
