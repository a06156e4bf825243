import { openOwnership } from '../../../firstboot/owner.ts'

// Claims the lock at argv[2] for the console argv[3], says how that went, and holds it until it is told more.
const owner = openOwnership(process.argv[2] ?? '', process.argv[3] ?? '')
const say = (word: string | null) => process.stdout.write(`${word ?? 'mine'}\n`)
say(owner.claim(false))
process.stdin.setEncoding('utf8').on('data', (line: string) => {
  if (line.includes('force')) say(owner.claim(true))
  if (line.includes('ask')) say(owner.mine() ? 'mine' : (owner.other() ?? 'nobody'))
  if (line.includes('end')) {
    owner.release()
    process.exit(0)
  }
})
