import { domainNames } from '../../domain/names.ts'
import { decideDoor } from '../../domain/requests-door.ts'
import { openHttp } from '../../wiring/http.ts'
import { Memory } from '../../wiring/memory.ts'
import { findOwner } from '../../wiring/owner.ts'
import { openWires } from '../../wiring/wires.ts'
import type { Check } from '../check.ts'
import { failed, nothing } from '../finding.ts'
import { stackOfScene } from '../links/links.ts'
import { visits, withDomain } from './checks.ts'
import { judgeRequests } from './judge-requests.ts'

const QUESTION_MILLISECONDS = 8000

/** Jellyseerr is open to the internet when it has its owner, and not before. */
export const requests: Check = {
  id: 'domain-requests',
  section: 'domain',
  title: 'Requests: open to the right owner',
  how: 'Asks Jellyseerr for its first account, compares with your Plex account, and opens its name on this machine.',
  seconds: 40,
  run: async scene =>
    await withDomain(scene, async domain => {
      if (!scene.services.some(({ name }) => name === 'jellyseerr')) return nothing('Films cannot be asked for here.')
      const stack = await stackOfScene(scene).catch(() => null)
      if (stack === null) return failed('link-no-keys', 'Jellyseerr cannot be asked: its key is not known.')
      const wires = openWires(stack, openHttp(QUESTION_MILLISECONDS), new Memory(), scene.signal)
      const owner = await findOwner(wires)
      const { apex } = domainNames(domain)
      const visit = (await visits(scene, domain)).find(({ name }) => name === apex)?.visit
      return judgeRequests({
        name: apex,
        owner,
        door: decideDoor(owner, stack.plexToken !== null),
        visit: visit ?? { unreachable: 'nobody is there', tls: false },
      })
    }),
}
