import { visit } from '../../../firstboot/verify/domain/visit.ts'

// Opens a name in the network that it is started in, as the machine does to prove its own certificate.
process.stdout.write(JSON.stringify(await visit(process.argv[2] ?? '')))
