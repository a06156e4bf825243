import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'

// The interface of a DNS provider, as porkbun.com/api/json/v3/documentation has it, as far as addresses of IPv4 are kept by it.
// It keeps them in a file of its name server. Each change is told on a line: which name is which address now.
interface Settings {
  readonly port: number
  readonly apiKey: string
  readonly secretApiKey: string
  /** The domain that the account has. */
  readonly domain: string
  /** Where the name server reads its names. */
  readonly folder: string
}
const { port, apiKey, secretApiKey, domain, folder } = JSON.parse(process.argv[2] ?? '{}') as Settings
const FIRST_ID = 106_926_652

interface Entry {
  readonly id: string
  readonly name: string
  content: string
}
const entries: Entry[] = []

type Body = Readonly<Record<string, string | undefined>>
type Answer = Readonly<Record<string, unknown>>
const refusal = (message: string): Answer => ({ status: 'ERROR', message })

function keep(entry: Entry, content: string): void {
  entry.content = content
  writeFileSync(join(folder, 'records'), entries.map(each => `${each.content} ${each.name}\n`).join(''))
  process.stdout.write(`${entry.name} is ${content}\n`)
}

const nameOf = (owner: string): string => (owner === '' ? domain : `${owner}.${domain}`)

function answer(path: string, body: Body): Answer {
  if (body['apikey'] !== apiKey || body['secretapikey'] !== secretApiKey) return refusal('Invalid API key. (002)')
  const [command = '', zone = '', ...more] = path.replace('/api/json/v3/dns/', '').split('/')
  if (zone !== domain) return refusal('Invalid domain.')
  const { content = '', type = '', name = '' } = body
  switch (command) {
    case 'retrieveByNameType': {
      const [kind = '', owner = ''] = more
      const found = entries.filter(each => kind === 'A' && each.name === nameOf(owner))
      const records = found.map(each => ({ ...each, type: 'A', ttl: '600', prio: '0', notes: '' }))
      return { status: 'SUCCESS', records }
    }
    case 'create': {
      if (type !== 'A') return refusal(`A record of type ${type} is not kept here.`)
      const entry = { id: String(FIRST_ID + entries.length), name: nameOf(name), content }
      if (entries.some(each => each.name === entry.name)) return refusal('Unable to create the DNS record.')
      entries.push(entry)
      keep(entry, content)
      return { status: 'SUCCESS', id: entry.id }
    }
    case 'edit': {
      const entry = entries.find(({ id }) => id === more[0])
      if (entry === undefined) return refusal('Invalid record ID.')
      keep(entry, content)
      return { status: 'SUCCESS' }
    }
    default:
      return refusal('Invalid command.')
  }
}

async function bodyOf(question: IncomingMessage): Promise<Body> {
  let text = ''
  for await (const part of question) text += String(part)
  return JSON.parse(text) as Body
}

createServer((question, response) => {
  void bodyOf(question)
    .then(body => answer(question.url ?? '', body))
    .catch(() => refusal('The request cannot be read.'))
    .then(body => {
      const code = body['status'] === 'SUCCESS' ? 200 : 400
      response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    })
}).listen(port, '127.0.0.1', () => process.stdout.write('listens\n'))
